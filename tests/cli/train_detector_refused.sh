# What cannot be learnt from gets one line, its code and no file.
# SPDX-License-Identifier: Apache-2.0
scene --out town.tif --pools pools.geojson --size 700x700 --seed 5 --gsd 0.13 2>scene.log
try() {
    code=0
    elcano "$@" >log 2>&1 || code=$?
    sed "s|$BUILD/|BUILD/|" log
    rm log
    echo "exit $code"
}
set -- --images town.tif -o out.onnx
try train detector "$@"
try train detector --labels pools.geojson -o out.onnx
try train detector --labels missing.geojson "$@"
try train detector --labels pools.geojson --images missing.tif -o out.onnx
try train detector --labels pools.geojson "$@" --backbone town.tif
try train detector --labels pools.geojson "$@" --tensor nothing
try train detector --labels pools.geojson "$@" --tensor output0
# An image is no map of features.
python3 "$HERE/../model/odd_networks.py" nets
set -- "$@" --labels pools.geojson --backbone nets/one_layer.onnx --image-gsd 0.13
try train detector "$@"
try train detector "$@" --tensor input
rm -r nets
set -- --images town.tif -o out.onnx
echo '{"type":"FeatureCollection","features":[]}' >none.geojson
try train detector --labels none.geojson "$@"
cat >far.geojson <<'G'
{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"class":"pool"},
"geometry":{"type":"Polygon","coordinates":[[[0,0],[0.001,0],[0.001,0.001],[0,0]]]}}]}
G
try train detector --labels far.geojson "$@"
echo 'image,xmin,ymin,xmax,ymax,class' >beyond.csv
echo 'town.tif,900,10,950,50,pool' >>beyond.csv
try train detector --labels beyond.csv "$@"
try train detector --labels pools.geojson --images town.tif -o nowhere/out.onnx
try train detector --labels pools.geojson "$@" --hidden 5000
echo 'image,xmin,ymin,xmax,ymax,class' >cut.csv
echo 'town.tif,-40,10,10,50,pool' >>cut.csv
try train detector --labels cut.csv "$@" --cells 2000
try train detector --labels pools.geojson "$@" --memory 60 2>&1 | grep -v warning
cat >kinds.csv <<'C'
image,xmin,ymin,xmax,ymax,class
town.tif,10,10,20,20,a
town.tif,600,600,610,610,b
C
try train classifier --labels kinds.csv "$@" --cache none --memory 60 |
    sed 's/the [0-9]* MB/the N MB/'
ls -A
