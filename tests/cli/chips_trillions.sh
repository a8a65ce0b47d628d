# An image that states a size of 2^31 has no chips, and says so at once.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

cat >huge.vrt <<'END'
<VRTDataset rasterXSize="2147483647" rasterYSize="2147483647">
  <SRS>EPSG:32633</SRS><GeoTransform>0, 1, 0, 0, 0, -1</GeoTransform>
  <VRTRasterBand dataType="Byte" band="1"/>
</VRTDataset>
END
python3 "$SOURCE/tools/instrument.py" exact.onnx
try chips huge.vrt -o chips.csv
try chips huge.vrt --on-error record -o chips.csv
try chips huge.vrt --dry-run
try detect huge.vrt --model exact.onnx -o found.csv
try detect huge.vrt --model exact.onnx --dry-run
try detect huge.vrt --model exact.onnx --on-error record -o found.csv
ls
