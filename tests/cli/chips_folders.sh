# Labels are of the image that they name, though others are called so in another folder.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

mkdir -p images/a images/b labels/a
for folder in a b; do
    { printf 'P5 64 64 255\n'; head -c 4096 /dev/zero | tr '\0' 'x'; } >images/$folder/1.pgm
done
echo "0 0.5 0.5 0.25 0.25" >labels/a/1.txt
echo square >labels/classes.txt
shown() {
    elcano sql 'select image, n_labels from input' $1.csv -q -o - 2>&1 | grep -o '"image".*' |
        tr -d '}'
}
try chips images --chip 64 --labels labels -o one.csv
shown one
# Each has its own; of one folder alone, too.
mkdir labels/b
echo "0 0.5 0.5 0.5 0.5
0 0.1 0.1 0.1 0.1" >labels/b/1.txt
try chips images --chip 64 --labels labels -o both.csv
shown both
try chips images/b/1.pgm --chip 64 --labels labels -o b.csv
shown b
# A name without a folder is of neither.
printf 'image,xmin,ymin,xmax,ymax,class\n1.pgm,8,8,24,24,square\n' >any.csv
try chips images --chip 64 --labels any.csv -o any_chips.csv
