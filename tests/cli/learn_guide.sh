# The commands of docs/learn.md, as they stand there, on smaller towns; and its picture.
# SPDX-License-Identifier: Apache-2.0
# What is made stays in $BUILD/learn-guide; LEARN_GUIDE=whole takes the sizes of the guide.
small='s/2000x2000/800x700/; s/3000x3000/600x500/' piece="50 50 500 400"
[ "${LEARN_GUIDE:-}" != whole ] || small= piece="100 100 700 460"
awk '/^## A detector from fifty boxes/ {here = 1} here && /^```/ {if (inside) exit; inside = 1; next} inside' \
    "$SOURCE/docs/learn.md" | sed "$small" >guide.sh
grep -c '^elcano\|^scene' guide.sh
sh -e guide.sh >rows 2>said || cat said
grep -o '"class": "pool"' rows
awk -F, '/pool/ {print ($4 > 0.5 ? "pools are found" : $0)}' scores.csv
grep -c '<html' report.html


# A piece of the second town, as a picture. draw FILE RED GREEN BLUE: outlines of two pixels.
gdal_translate -q -b 1 -b 2 -b 3 -srcwin $piece other.tif piece.tif
gdalsrsinfo -o wkt1 other.tif >crs.wkt
draw() {
    rm -f drawn.gpkg
    ogr2ogr -q -t_srs crs.wkt -lco GEOMETRY_NAME=geometry -nln drawn drawn.gpkg "$1"
    gdal_rasterize -q -at -b 1 -b 2 -b 3 -burn "$2" -burn "$3" -burn "$4" -dialect sqlite \
        drawn.gpkg piece.tif -sql "SELECT ST_Boundary(ST_Buffer(geometry, grow)) FROM drawn,
        (SELECT $5 AS grow UNION ALL SELECT $5 + 0.13)"
}
elcano read found.gpkg:detections -o found.geojson 2>said
draw truth.geojson 255 255 255 0.26 2>said || cat said
draw found.geojson 214 39 40 0 2>said || cat said
mkdir -p "$BUILD/learn-guide"
GDAL_PAM_ENABLED=NO gdal_translate -q -of JPEG -co QUALITY=85 piece.tif "$BUILD/learn-guide/pools.jpg"
cp report.html "$BUILD/learn-guide"
