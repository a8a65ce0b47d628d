# Features are kept by all of the files that an image is read from.
# SPDX-License-Identifier: Apache-2.0
scene --out town.tif --truth labels.geojson --size 900x900 --objects 100 --seed 3 2>said
learn() {
    elcano train classifier --labels labels.geojson --images "$1" --block 5m --cache kept \
        -o crops.onnx --overwrite -q >rows 2>said || cat said
    echo "$2: $(ls kept | wc -l)"
}
learn town.tif "at first"
learn town.tif "again"
gdaladdo -q -ro town.tif 2
learn town.tif "with overviews"
echo '<PAMDataset><Metadata><MDI key="a">b</MDI></Metadata></PAMDataset>' >town.tif.aux.xml
learn town.tif "with metadata"
gdal_translate -q -b 1 -scale 0 255 255 255 town.tif mask.tif
cp mask.tif town.tif.msk
learn town.tif "with a mask"
touch -d 2001-01-01 town.tif.msk
learn town.tif "with another mask"
rm town.tif.*
learn town.tif "as at first"
# What shows other images is not kept, whatever its name.
gdalbuildvrt -q town.vrt town.tif
mv town.vrt Town.VRT
learn Town.VRT "as a VRT"
