"""peers.py - what other tools need for the same chips, network and threads.

usage: peers.py sahi|supervision|geodeep IMAGE MODEL THREADS CHIP OVERLAP SCORE
       peers.py merge FILE

Runs in the environment of requirements.txt. Prints one line of JSON: what was found,
and the seconds and CPU seconds from opening the network to the merged result. Importing
the tools is not counted, and nothing is written. SAHI and GeoDeep take one chip at a
time, on THREADS threads of ONNX Runtime; supervision calls one session of one thread
from THREADS workers. Networks are those with YOLOv8's output.

merge times SAHI's merge of plain arrays on the raw boxes of bench-merge's FILE.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import resource
import sys
import time

import numpy as np

IOU = 0.5


def seconds_cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


class Network:
    """YOLOv8's rows by ONNX Runtime and OpenCV, as a careful user would write it."""

    def __init__(self, path, threads, score):
        import cv2
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.cv2, self.score = cv2, score
        self.session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name

    def __call__(self, chip):
        """Corners, scores and classes of a chip of RGB bytes, after its own NMS."""
        batch = self.cv2.dnn.blobFromImage(chip, 1 / 255)
        rows = self.session.run(None, {self.input: batch})[0][0]
        best = rows[4:].max(axis=0)
        kept = np.flatnonzero(best >= self.score)
        classes = rows[4:, kept].argmax(axis=0)
        corners, sizes = rows[:2, kept] - rows[2:4, kept] / 2, rows[2:4, kept]
        boxes, scores = np.vstack([corners, sizes]).T, best[kept]
        chosen = self.cv2.dnn.NMSBoxesBatched(boxes.tolist(), scores.tolist(),
                                              classes.tolist(), self.score, IOU)
        chosen = np.asarray(chosen, dtype=int).reshape(-1)
        boxes = boxes[chosen]
        boxes[:, 2:] += boxes[:, :2]
        return boxes, scores[chosen], classes[chosen]


def sahi(image, model, threads, chip, overlap, score):
    from sahi.models.base import DetectionModel
    from sahi.predict import get_sliced_prediction
    from sahi.prediction import ObjectPrediction

    class Onnx(DetectionModel):
        def load_model(self):
            self.model = Network(self.model_path, threads, self.confidence_threshold)

        def perform_inference(self, image):
            self._original_predictions = self.model(image)

        def _create_object_prediction_list_from_original_predictions(
                self, shift_amount_list=((0, 0),), full_shape_list=None):
            found = zip(*(column.tolist() for column in self.original_predictions))
            self._object_prediction_list_per_image = [[
                ObjectPrediction(bbox=box, score=score, category_id=kind,
                                 category_name=str(kind), full_shape=full_shape_list[0],
                                 shift_amount=shift_amount_list[0])
                for box, score, kind in found]]

    def run():
        network = Onnx(model_path=model, confidence_threshold=score, device="cpu")
        return get_sliced_prediction(
            image, network, slice_height=chip, slice_width=chip,
            overlap_height_ratio=overlap / chip, overlap_width_ratio=overlap / chip,
            perform_standard_pred=False, verbose=0)

    return run, lambda result: len(result.object_prediction_list)


def supervision(image, model, threads, chip, overlap, score):
    import rasterio
    from supervision import Detections, InferenceSlicer

    def run():
        network = Network(model, 1, score)

        def callback(pixels):
            boxes, scores, classes = network(pixels)
            return Detections(xyxy=boxes.reshape(-1, 4), confidence=scores,
                              class_id=classes)

        slicer = InferenceSlicer(callback, slice_wh=chip, overlap_wh=overlap,
                                 iou_threshold=IOU, thread_workers=threads)
        with rasterio.open(image) as dataset:
            return slicer(dataset)

    return run, len


def geodeep(image, model, threads, chip, overlap, score):
    import onnxruntime
    import rasterio
    from geodeep import geodeep as tool

    def create_session(path, max_threads=None):
        """As its own, which wants a fixed size and its own spelling of the metadata."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max_threads
        session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"])
        config = {"det_type": "YOLO_v8", "det_conf": score, "det_iou_thresh": IOU,
                  "classes": [], "class_names": {}, "model_type": "Detector",
                  "tiles_size": chip, "tiles_overlap": 100 * overlap / chip,
                  "input_name": session.get_inputs()[0].name,
                  "input_shape": [1, 3, chip, chip]}
        return session, config

    def run():
        tool.create_session = create_session
        with rasterio.open(image) as dataset:
            resolution_cm = 100 * dataset.res[0]
        return tool.detect(image, model, resolution=resolution_cm, max_threads=threads)

    return run, lambda result: len(result[0])


def merge(path):
    from sahi.postprocess.backends import resolve_backend
    from sahi.postprocess.combine import batched_greedy_nmm

    resolve_backend()
    rows = np.loadtxt(path, dtype=np.float32)
    boxes = np.column_stack([rows[:, 1:6], np.zeros(len(rows), np.float32)])
    return lambda: batched_greedy_nmm(boxes, "IOS", IOU), len


def main(argv):
    tools = {"sahi": sahi, "supervision": supervision, "geodeep": geodeep}
    if argv[:1] == ["merge"] and len(argv) == 2:
        run, count = merge(argv[1])
    elif len(argv) == 7 and argv[0] in tools:
        sizes = (int(word) for word in argv[3:6])
        run, count = tools[argv[0]](argv[1], argv[2], *sizes, float(argv[6]))
    else:
        sys.exit(__doc__)
    began, cpu = time.perf_counter(), seconds_cpu()
    result = run()
    seconds, cpu = time.perf_counter() - began, seconds_cpu() - cpu
    print(json.dumps({"seconds": seconds, "cpu": cpu, "found": count(result)}))


if __name__ == "__main__":
    main(sys.argv[1:])
