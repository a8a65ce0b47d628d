# Report and JSON replace nothing that is read, by whatever name.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

cat >d.csv <<END
image,class,score,xmin_px,ymin_px,xmax_px,ymax_px
"a.png","car",0.9,0,0,10,10
END
mkdir l i
gdal_create -q -of PNG -ot Byte -outsize 20 20 i/a.png
echo '0 0.25 0.25 0.5 0.5' >l/a.txt
echo car >l/classes.txt
ogr2ogr -q w.gpkg d.csv -nln detections
ln -s l/a.txt outer.txt
echo kept >notes.html
ln -s ../notes.html l/notes.html
echo kept >other.html
tar cf before.tar d.csv l i w.gpkg notes.html outer.txt

evaluate() { try evaluate "$@" --overwrite -q -o scores.csv; }
evaluate d.csv l --images i --report d.csv
evaluate d.csv l --images i --json ./d.csv
evaluate w.gpkg:detections l --images i --json w.gpkg
evaluate d.csv l --images i --json l/a.txt
evaluate d.csv l --images i --json outer.txt
evaluate d.csv l --images i --report notes.html
evaluate d.csv l --images i --report i/a.png
evaluate d.csv l --images 'i/*.png' --report i/a.png
evaluate d.csv l --images i --zones w.gpkg:detections --report w.gpkg
tar df before.tar
ls

# What is not read is replaced, and a folder that is read takes what is new.
evaluate d.csv l --images i --report other.html --json l/new.json
head -c 15 other.html
ls l
