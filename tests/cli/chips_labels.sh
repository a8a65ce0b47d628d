# A training set in one command, as the tools of YOLO and COCO take it.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

image=$DATA/imagery/DeepForest/OSBS_029.tif
if [ ! -f "$image" ]; then
    echo "SKIPPED: $image is not here; ELCANO_DATA says where such files are" >&2
    exit 77
fi
cp "$image" "${image%.tif}.xml" .
try chips OSBS_029.tif --labels OSBS_029.xml --chip 256 --pixels jpeg \
    --out-dir yolo --layout yolo -o set.gpkg
cat yolo/data.yaml
ls yolo/images
head -3 yolo/labels/OSBS_029_0_0.txt
try chips OSBS_029.tif --labels OSBS_029.xml --chip 256 --min-visible 0.5 \
    --pixels png --out-dir coco --layout coco -q -o set.csv
head -4 coco/annotations.json
ls coco
