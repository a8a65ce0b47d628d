# A truth that is lost, whole or in part, is told: it would change the score unseen.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

mkdir labels images
echo car >labels/classes.txt
for name in a b; do
    gdal_create -q -of PNG -outsize 100 100 -bands 3 images/$name.png
    printf '0 .15 .15 .1 .1\n0 .95 .5 .1 .1\n' >labels/$name.txt
done
cat >found.csv <<END
image,class,score,xmin_px,ymin_px,xmax_px,ymax_px
a.png,car,.9,10,10,20,20
b.png,car,.9,10,10,20,20
b.png,car,.8,92,45,100,55
b.png,car,.7,92,70,100,80
END
scores() {
    try evaluate found.csv labels --images "$@" -o scores.csv --overwrite
    cut -d, -f1,4,8-14 scores.csv
}

# shares of images whose sizes are not known
try evaluate found.csv labels -o -

# sizes that are known of one image alone
mkdir one && cp images/b.png one
scores one

# all of it, and without what an edge cuts, which some truths leave out
scores images
scores images --edge 3
try evaluate found.csv labels --edge 3 -o -

# a damaged file, and an image that has no objects
printf '0 nan .1 .1 .1\n' >labels/a.txt
scores images
: >labels/a.txt
scores images
