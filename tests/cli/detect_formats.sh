# The same rows in every format, with places and without, and the same bytes again.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/data"

. "$HERE/toys"

cp MOS155.png placed.png
cat >placed.png.aux.xml <<END
<PAMDataset>
  <SRS>EPSG:32632</SRS>
  <GeoTransform>457000, 0.13, 0, 5428000, 0, -0.13</GeoTransform>
</PAMDataset>
END
detect() {
    "$BUILD/elcano" detect "$1.png" --model vehicle.onnx --score 0.707 -q -o "$2" 2>/dev/null
}
for image in MOS155 placed; do
    for format in gpkg geojson geojsonl shp csv fgb; do
        [ $image.$format != MOS155.fgb ] || continue
        detect $image $image.$format
        detect $image again.$format
        cmp $image.$format again.$format
        rm again.*
        layer=$([ $format != gpkg ] || echo :detections)
        elcano pass $image.$format$layer -q -o - >rows
        echo "$image.$format: $(grep -c '"class": "car"' rows) cars"
    done
    detect $image - | cmp - $image.geojsonl
done
elcano() { "$BUILD/elcano" "$@"; }
try detect MOS155.png --model vehicle.onnx --score 0.707 -o MOS155.fgb
rm rows
ls
