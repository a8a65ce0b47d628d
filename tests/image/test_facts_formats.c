/* test_facts_formats.c - each format of a sidecar, and how it is matched to its image.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pictures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include <cpl_conv.h>
#include <cpl_vsi.h>

#define FOLDER "/vsimem/facts"

static void put_bytes(const char *name, const void *bytes, size_t n) {
    char path[300];
    snprintf(path, sizeof path, FOLDER "/%s", name);
    VSILFILE *file = VSIFOpenL(path, "wb");
    assert_non_null(file);
    assert_int_equal(VSIFWriteL(bytes, 1, n, file), n);
    VSIFCloseL(file);
}

static void put_text(const char *name, const char *text) {
    put_bytes(name, text, strlen(text));
}

static void put_file(const char *name, const char *below) {
    elc_string bytes = {0};
    assert_int_equal(elc_file_read(data_path(below), 1 << 24, &bytes, NULL), ELC_OK);
    put_bytes(name, bytes.data, bytes.size);
    elc_string_free(&bytes);
}

/* A picture without a place. */
static void put_image(const char *name, int width, int height) {
    char path[300];
    snprintf(path, sizeof path, FOLDER "/%s", name);
    picture_make(
        &(picture){.path = path, .width = width, .height = height, .bands = 1});
}

static void read_facts(const char *name, bool with_image, elc_facts *out) {
    char path[300];
    elc_sidecars *sidecars = NULL;
    snprintf(path, sizeof path, FOLDER "/%s", name);
    elc_image *image = with_image ? picture_open(path) : NULL;
    assert_int_equal(elc_sidecars_beside(path, &sidecars, NULL), ELC_OK);
    assert_int_equal(elc_facts_read(path, image, sidecars, out, NULL), ELC_OK);
    elc_sidecars_free(sidecars);
    elc_image_free(image);
}

static int empty_folder(void **state) {
    (void)state;
    VSIRmdirRecursive(FOLDER);
    return 0;
}

static void assert_text(const elc_facts *f, elc_fact_id id, const char *expected) {
    assert_non_null(f->items[id].text);
    assert_string_equal(f->items[id].text, expected);
}

static void assert_real(const elc_facts *f, elc_fact_id id, double expected) {
    assert_int_equal(f->items[id].n, 1);
    assert_true(fabs(f->items[id].numbers[0] - expected) < 1e-9);
}

static void assert_unknown(const elc_facts *f, elc_fact_id id) {
    assert_null(f->items[id].source);
}

static void assert_list(const elc_facts *f, elc_fact_id id, const double *expected,
                        size_t n) {
    assert_int_equal(f->items[id].n, n);
    for (size_t i = 0; i < n; i++)
        assert_true(fabs(f->items[id].numbers[i] - expected[i]) < 1e-6);
}

/* ---- Landsat ------------------------------------------------------------------------
 */

#define MTL "metadata/LC08_017036/LC08_L2SP_017036_20130419_20200913_02_T2_MTL"

/* Corners of 7921 x 7441 centres, half a pixel of 30 m outward. */
static void check_landsat(const char *ending) {
    static const double corners[] = {207585, 3942915, 445215, 3942915,
                                     445215, 3719685, 207585, 3719685};
    char below[200], name[40];
    elc_facts f = {0};
    snprintf(below, sizeof below, "%s%s", MTL, ending);
    snprintf(name, sizeof name, "scene_MTL%s", ending);
    empty_folder(NULL);
    put_file(name, below);
    read_facts("scene_SR_B4.TIF", false, &f);
    assert_text(&f, ELC_FACT_PRODUCT_ID, "LC08_L2SP_017036_20130419_20200913_02_T2");
    assert_text(&f, ELC_FACT_CRS, "EPSG:32617");
    assert_int_equal(f.items[ELC_FACT_ACQUIRED].time_us, 1366387311829419);
    assert_real(&f, ELC_FACT_WIDTH, 7921);
    assert_real(&f, ELC_FACT_GSD, 30);
    assert_real(&f, ELC_FACT_SUN_ELEVATION, 59.24977384);
    assert_real(&f, ELC_FACT_CLOUD, 1);
    assert_list(&f, ELC_FACT_CORNERS_MAP, corners, 8);
    assert_int_equal(f.items[ELC_FACT_CORNERS_LONLAT].n, 8);
    assert_null(f.conflicts);
    elc_facts_clear(&f);
}

static void test_facts_landsat_is_the_same_as_xml_text_and_json(void **state) {
    (void)state;
    check_landsat(".xml");
    check_landsat(".txt");
    check_landsat(".json");
}

/* The corner of the north's zone lies south of the equator. */
static void test_facts_landsat_of_the_south_has_negative_northings(void **state) {
    (void)state;
    elc_facts f = {0};
    put_text("a_MTL.txt",
             "GROUP = L1_METADATA_FILE\n MAP_PROJECTION = \"UTM\"\n DATUM = \"WGS84\"\n"
             " UTM_ZONE = 19\n REFLECTIVE_LINES = 3\n REFLECTIVE_SAMPLES = 3\n"
             " CORNER_UL_PROJECTION_X_PRODUCT = 300000.000\n"
             " CORNER_UL_PROJECTION_Y_PRODUCT = -1000000.000\n"
             " CORNER_UR_PROJECTION_X_PRODUCT = 300060.000\n"
             " CORNER_UR_PROJECTION_Y_PRODUCT = -1000000.000\n"
             " CORNER_LR_PROJECTION_X_PRODUCT = 300060.000\n"
             " CORNER_LR_PROJECTION_Y_PRODUCT = -1000060.000\n"
             " CORNER_LL_PROJECTION_X_PRODUCT = 300000.000\n"
             " CORNER_LL_PROJECTION_Y_PRODUCT = -1000060.000\n"
             " CLOUD_COVER = -1.00\nEND_GROUP = L1_METADATA_FILE\nEND\n");
    put_image("a_B1.TIF", 3, 3);
    read_facts("a_B1.TIF", true, &f);
    assert_text(&f, ELC_FACT_CRS, "EPSG:32619");
    assert_true(f.items[ELC_FACT_CORNERS_LONLAT].numbers[1] < -9);
    assert_true(fabs(f.items[ELC_FACT_CORNERS_MAP].numbers[1] + 999985) < 1e-6);
    assert_unknown(&f, ELC_FACT_CLOUD);
    elc_facts_clear(&f);
}

/* ---- Sentinel-2
 * ----------------------------------------------------------------------- */

static void put_granule(const char *from, const char *product, const char *image) {
    char below[200], name[200];
    empty_folder(NULL);
    snprintf(below, sizeof below, "metadata/%s/MTD_TL.xml", from);
    put_file("X.SAFE/GRANULE/T/MTD_TL.xml", below);
    snprintf(below, sizeof below, "metadata/%s/%s", from, product);
    snprintf(name, sizeof name, "X.SAFE/%s", product);
    put_file(name, below);
    put_image(image, 5490, 5490);
}

static void test_facts_sentinel_is_found_by_its_folders(void **state) {
    (void)state;
    static const char image[] =
        "X.SAFE/GRANULE/T/IMG_DATA/R20m/T07HFE_20190212T192651_B02_20m.tif";
    static const double corners[] = {600000, 6500020, 709800, 6500020,
                                     709800, 6390220, 600000, 6390220};
    elc_facts f = {0};
    put_granule("S2_T07HFE", "MTD_MSIL2A.xml", image);
    read_facts(image, true, &f);
    assert_text(&f, ELC_FACT_PRODUCT_ID,
                "S2A_MSIL2A_20190212T192651_N0212_R013_T07HFE_20201007T160857.SAFE");
    assert_text(&f, ELC_FACT_PLATFORM, "Sentinel-2A");
    assert_text(&f, ELC_FACT_CRS, "EPSG:32707");
    assert_int_equal(f.items[ELC_FACT_ACQUIRED].time_us, 1550000012161000);
    assert_real(&f, ELC_FACT_GSD, 20);
    assert_real(&f, ELC_FACT_SUN_ELEVATION, 57.292926148638);
    assert_real(&f, ELC_FACT_VIEW_ELEVATION, 79.18618554849901);
    assert_real(&f, ELC_FACT_VIEW_AZIMUTH, 288.99550954969794);
    assert_real(&f, ELC_FACT_CLOUD, 0.51580326);
    assert_list(&f, ELC_FACT_CORNERS_MAP, corners, 8);
    assert_null(f.conflicts);
    elc_facts_clear(&f);
}

static void test_facts_sentinel_of_level_1_has_its_resolution_by_band(void **state) {
    (void)state;
    static const char image[] =
        "X.SAFE/GRANULE/T/IMG_DATA/T46RER_20210908T042701_B8A.tif";
    elc_facts f = {0};
    put_granule("S2_T46RER", "MTD_MSIL1C.xml", image);
    read_facts(image, true, &f);
    assert_text(&f, ELC_FACT_CATALOG_ID,
                "S2A_OPER_MSI_L1C_TL_VGS4_20210908T070248_A032448_T46RER_N03.01");
    assert_real(&f, ELC_FACT_GSD, 20);
    assert_real(&f, ELC_FACT_SUN_ELEVATION, 63.5068357330561);
    assert_real(&f, ELC_FACT_CLOUD, 0.882972);
    elc_facts_clear(&f);
}

/* ---- DigitalGlobe
 * ----------------------------------------------------------------------- */

static const char isd[] =
    "<isd><IMD><NUMROWS>10</NUMROWS><NUMCOLUMNS>20</NUMCOLUMNS>"
    "<BAND_C><ULLON>10</ULLON><ULLAT>50</ULLAT><URLON>11</URLON><URLAT>50</URLAT>"
    "<LRLON>11</LRLON><LRLAT>49</LRLAT><LLLON>10</LLLON><LLLAT>49</LLLAT></BAND_C>"
    "<BAND_N2><ULLON>0</ULLON></BAND_N2><IMAGE><CATID>1040</CATID>"
    "<CLOUDCOVER>-999</CLOUDCOVER><MEANSUNEL>41.5</MEANSUNEL>"
    "<MEANOFFNADIRVIEWANGLE>12.5</MEANOFFNADIRVIEWANGLE></IMAGE>"
    "<MAP_PROJECTED_PRODUCT><MAPPROJNAME>UTM</MAPPROJNAME><MAPZONE>33</MAPZONE>"
    "<MAPHEMI>S</MAPHEMI><DATUMNAME>WE</DATUMNAME></MAP_PROJECTED_PRODUCT></IMD>"
    "<TIL><TILE><FILENAME>p1.tif</FILENAME></TILE></TIL></isd>";

static void test_facts_digitalglobe_has_corners_bands_and_angles(void **state) {
    (void)state;
    static const double corners[] = {10, 50, 11, 50, 11, 49, 10, 49};
    elc_facts f = {0};
    put_text("p1.XML", isd);
    put_image("p1.tif", 20, 10);
    read_facts("p1.tif", true, &f);
    assert_text(&f, ELC_FACT_CRS, "EPSG:32733");
    assert_text(&f, ELC_FACT_BANDS, "C,N2");
    assert_real(&f, ELC_FACT_OFF_NADIR, 12.5);
    assert_unknown(&f, ELC_FACT_CLOUD);
    assert_list(&f, ELC_FACT_CORNERS_LONLAT, corners, 8);
    elc_facts_clear(&f);
}

static void test_facts_corners_of_a_larger_product_are_not_used(void **state) {
    (void)state;
    elc_facts f = {0};
    put_text("p1.XML", isd);
    put_image("p1.tif", 5, 5);
    read_facts("p1.tif", true, &f);
    assert_unknown(&f, ELC_FACT_CORNERS_LONLAT);
    assert_non_null(strstr(f.conflicts, "\"width\""));
    elc_facts_clear(&f);
}

/* ---- matching
 * ------------------------------------------------------------------------------ */

static void test_facts_match_by_the_file_name_that_is_stated(void **state) {
    (void)state;
    elc_facts f = {0};
    put_text("delivery.XML", isd);
    put_image("p1.tif", 20, 10);
    put_image("p2.tif", 20, 10);
    read_facts("p1.tif", true, &f);
    assert_text(&f, ELC_FACT_CATALOG_ID, "1040");
    elc_facts_clear(&f);
    read_facts("p2.tif", true, &f);
    assert_unknown(&f, ELC_FACT_CATALOG_ID);
    elc_facts_clear(&f);
}

static void test_facts_match_tiles_by_the_stem_of_the_whole(void **state) {
    (void)state;
    elc_facts f = {0};
    put_text("scene-P001.IMD", "BEGIN_GROUP = IMAGE_1\n satId = \"WV02\";\n"
                               "END_GROUP = IMAGE_1\nEND;\n");
    put_image("scene-P001_R2C13.TIF", 4, 4);
    read_facts("scene-P001_R2C13.TIF", true, &f);
    assert_text(&f, ELC_FACT_PLATFORM, "WV02");
    elc_facts_clear(&f);
}

static void check_tile(const char *sidecar, const char *image, bool known) {
    elc_facts f = {0};
    empty_folder(NULL);
    put_file(sidecar, "metadata/gdal/md_dg.RPB");
    read_facts(image, false, &f);
    assert_text(&f, ELC_FACT_PLATFORM, "WV03");
    assert_int_equal(f.items[ELC_FACT_RPC].n, known ? 92 : 0);
    elc_facts_clear(&f);
}

static void test_facts_rpcs_of_the_whole_are_not_a_later_tiles(void **state) {
    (void)state;
    check_tile("scene-P001.RPB", "scene-P001.TIF", true);
    check_tile("scene-P001.RPB", "scene-P001_R1C1.TIF", true);
    check_tile("scene-P001.RPB", "scene-P001_R2C1.TIF", false);
    check_tile("scene-P001_R2C1.RPB", "scene-P001_R2C1.TIF", true);
}

static void test_facts_do_not_take_another_images_sidecar(void **state) {
    (void)state;
    elc_facts f = {0};
    put_text("p2.xml", isd);
    put_image("p2.tif", 20, 10);
    put_image("p1.tif", 20, 10);
    put_image("p22.tif", 20, 10);
    read_facts("p22.tif", true, &f);
    assert_unknown(&f, ELC_FACT_CATALOG_ID);
    elc_facts_clear(&f);
}

static void test_facts_of_a_product_opened_by_its_metadata_are_in_them(void **state) {
    (void)state;
    elc_facts f = {0};
    put_text("product.xml", isd);
    put_text("a_MTL.txt", "GROUP = L1_METADATA_FILE\n SPACECRAFT_ID = \"LANDSAT_7\"\n"
                          "END_GROUP = L1_METADATA_FILE\nEND\n");
    read_facts("product.xml", false, &f);
    assert_text(&f, ELC_FACT_CATALOG_ID, "1040");
    elc_facts_clear(&f);
    read_facts("a_MTL.txt", false, &f);
    assert_text(&f, ELC_FACT_PLATFORM, "LANDSAT_7");
    elc_facts_clear(&f);
}

static void test_facts_are_read_in_archives(void **state) {
    (void)state;
    elc_facts f = {0};
    elc_sidecars *sidecars = NULL;
    void *zip = CPLCreateZip(FOLDER "/z.zip", NULL);
    assert_int_equal(CPLCreateFileInZip(zip, "p1.xml", NULL), CE_None);
    assert_int_equal(CPLWriteFileInZip(zip, isd, (int)strlen(isd)), CE_None);
    CPLCloseFileInZip(zip);
    CPLCloseZip(zip);
    const char *path = "/vsizip/" FOLDER "/z.zip/p1.tif";
    assert_int_equal(elc_sidecars_beside(path, &sidecars, NULL), ELC_OK);
    assert_int_equal(elc_facts_read(path, NULL, sidecars, &f, NULL), ELC_OK);
    assert_text(&f, ELC_FACT_CATALOG_ID, "1040");
    elc_facts_clear(&f);
    elc_sidecars_free(sidecars);
}

/* ---- standards
 * ------------------------------------------------------------------------------ */

/* A stand-in for SPOT 5's METADATA.DIM, which states its image's name. */
static void test_facts_spot_5_is_found_by_the_name_that_it_states(void **state) {
    (void)state;
    elc_facts f = {0};
    put_text("METADATA.DIM",
             "<Dimap_Document><Metadata_Id><METADATA_FORMAT version=\"1.1\">DIMAP"
             "</METADATA_FORMAT></Metadata_Id><Dataset_Id><DATASET_NAME>SCENE 5 042-261"
             "</DATASET_NAME></Dataset_Id><Dataset_Frame>"
             "<Vertex><FRAME_LON>1.5</FRAME_LON><FRAME_LAT>43.5</FRAME_LAT>"
             "<FRAME_ROW>1</FRAME_ROW><FRAME_COL>1</FRAME_COL></Vertex>"
             "<Vertex><FRAME_LON>1.6</FRAME_LON><FRAME_LAT>43.5</FRAME_LAT>"
             "<FRAME_ROW>1</FRAME_ROW><FRAME_COL>4</FRAME_COL></Vertex>"
             "<Vertex><FRAME_LON>1.6</FRAME_LON><FRAME_LAT>43.4</FRAME_LAT>"
             "<FRAME_ROW>4</FRAME_ROW><FRAME_COL>4</FRAME_COL></Vertex>"
             "<Vertex><FRAME_LON>1.5</FRAME_LON><FRAME_LAT>43.4</FRAME_LAT>"
             "<FRAME_ROW>4</FRAME_ROW><FRAME_COL>1</FRAME_COL></Vertex></Dataset_Frame>"
             "<Dataset_Sources><Source_Information><SOURCE_ID>50422610501011000002J"
             "</SOURCE_ID><Scene_Source><IMAGING_DATE>2005-01-01</IMAGING_DATE>"
             "<IMAGING_TIME>10:00:00</IMAGING_TIME><MISSION>SPOT</MISSION>"
             "<MISSION_INDEX>5</MISSION_INDEX><INSTRUMENT>HRG</INSTRUMENT>"
             "<INSTRUMENT_INDEX>2</INSTRUMENT_INDEX><SUN_AZIMUTH>150.5</SUN_AZIMUTH>"
             "<SUN_ELEVATION>40.25</SUN_ELEVATION></Scene_Source></Source_Information>"
             "</Dataset_Sources><Data_Access><Data_File><DATA_FILE_PATH href="
             "\"IMAGERY.TIF\"/></Data_File></Data_Access></Dimap_Document>");
    put_image("IMAGERY.TIF", 4, 4);
    read_facts("IMAGERY.TIF", true, &f);
    assert_text(&f, ELC_FACT_PRODUCT_ID, "SCENE 5 042-261");
    assert_text(&f, ELC_FACT_CATALOG_ID, "50422610501011000002J");
    assert_text(&f, ELC_FACT_PLATFORM, "SPOT 5");
    assert_text(&f, ELC_FACT_SENSOR, "HRG 2");
    assert_real(&f, ELC_FACT_SUN_AZIMUTH, 150.5);
    assert_real(&f, ELC_FACT_SUN_ELEVATION, 40.25);
    assert_int_equal(f.items[ELC_FACT_ACQUIRED].time_us, 1104573600000000);
    assert_int_equal(f.items[ELC_FACT_CORNERS_LONLAT].n, 8);
    elc_facts_clear(&f);
}

static void test_facts_fgdc_comes_after_the_image(void **state) {
    (void)state;
    elc_facts f = {0};
    put_text("n.tif.xml",
             "<metadata><idinfo><citation><citeinfo><title>NAIP</title></citeinfo>"
             "</citation><timeperd><timeinfo><sngdate><caldate>20160620</caldate>"
             "</sngdate></timeinfo></timeperd></idinfo><spdoinfo><rastinfo><rowcount>9"
             "</rowcount></rastinfo></spdoinfo><spref><horizsys><planar><gridsys><utm>"
             "<utmzone>18</utmzone></utm></gridsys><planci><coordrep><absres>0.6"
             "</absres></coordrep><plandu>meters</plandu></planci></planar><geodetic>"
             "<horizdn>North American Datum of 1983</horizdn></geodetic></horizsys>"
             "</spref><dataqual><cloud>10</cloud></dataqual></metadata>");
    put_image("n.tif", 4, 4);
    read_facts("n.tif", true, &f);
    assert_text(&f, ELC_FACT_PRODUCT_ID, "NAIP");
    assert_text(&f, ELC_FACT_CRS, "EPSG:26918");
    assert_real(&f, ELC_FACT_GSD, 0.6);
    assert_real(&f, ELC_FACT_CLOUD, 0.1);
    assert_real(&f, ELC_FACT_HEIGHT, 4);
    assert_int_equal(f.items[ELC_FACT_ACQUIRED].time_us, 1466380800000000);
    assert_non_null(strstr(f.conflicts, "\"height\""));
    elc_facts_clear(&f);
}

static void test_facts_iso_19139_is_read_in_its_namespaces(void **state) {
    (void)state;
    elc_facts f = {0};
    put_text(
        "i.xml",
        "<gmd:MD_Metadata xmlns:gmd='http://www.isotc211.org/2005/gmd' "
        "xmlns:gco='http://www.isotc211.org/2005/gco' xmlns:gml='http://g/'>"
        "<gmd:fileIdentifier><gco:CharacterString>id-7</gco:CharacterString>"
        "</gmd:fileIdentifier><gmd:EX_TemporalExtent><gmd:extent><gml:TimeInstant>"
        "<gml:timePosition>2020-02-29T10:00:00+02:00</gml:timePosition>"
        "</gml:TimeInstant></gmd:extent></gmd:EX_TemporalExtent>"
        "<gmd:RS_Identifier><gmd:code><gco:CharacterString>urn:ogc:def:crs:EPSG::25832"
        "</gco:CharacterString></gmd:code></gmd:RS_Identifier>"
        "<gmd:cloudCoverPercentage><gco:Real>25</gco:Real></gmd:cloudCoverPercentage>"
        "</gmd:MD_Metadata>");
    read_facts("i.tif", false, &f);
    assert_text(&f, ELC_FACT_PRODUCT_ID, "id-7");
    assert_text(&f, ELC_FACT_CRS, "EPSG:25832");
    assert_real(&f, ELC_FACT_CLOUD, 0.25);
    assert_int_equal(f.items[ELC_FACT_ACQUIRED].time_us, 1582963200000000);
    elc_facts_clear(&f);
}

static void test_facts_voc_tells_of_a_wrong_size(void **state) {
    (void)state;
    elc_facts f = {0};
    put_text("labels.xml",
             "<annotation><filename>v.tif</filename><size><width>5</width>"
             "<height>4</height></size></annotation>");
    put_image("v.tif", 4, 4);
    read_facts("v.tif", true, &f);
    assert_real(&f, ELC_FACT_WIDTH, 4);
    assert_non_null(strstr(f.conflicts, "\"labels.xml: annotation/size/width\""));
    assert_null(strstr(f.conflicts, "\"height\""));
    elc_facts_clear(&f);
}

static void test_facts_pam_is_read_through_gdal(void **state) {
    (void)state;
    elc_facts f = {0};
    put_image("q.tif", 4, 4);
    put_text("q.tif.aux.xml",
             "<PAMDataset><Metadata domain=\"IMAGERY\"><MDI key=\"SATELLITEID\">GE01"
             "</MDI><MDI key=\"ACQUISITIONDATETIME\">2011-05-01 13:00:00</MDI>"
             "<MDI key=\"CLOUDCOVER\">999</MDI></Metadata></PAMDataset>");
    read_facts("q.tif", true, &f);
    assert_text(&f, ELC_FACT_PLATFORM, "GE01");
    assert_string_equal(f.items[ELC_FACT_PLATFORM].source,
                        "q.tif: IMAGERY/SATELLITEID");
    assert_int_equal(f.items[ELC_FACT_ACQUIRED].time_us, 1304254800000000);
    assert_unknown(&f, ELC_FACT_CLOUD);
    elc_facts_clear(&f);
}

static void test_facts_world_file_and_prj_are_named(void **state) {
    (void)state;
    static const double affine[] = {500000, 2, 0, 5000000, 0, -2};
    elc_facts f = {0};
    picture_make(&(picture){
        .path = FOLDER "/w.png", .driver = "PNG", .width = 4, .height = 4, .bands = 1});
    put_text("w.pgw", "2\n0\n0\n-2\n500001\n4999999\n");
    put_text("w.prj",
             "PROJCS[\"WGS_1984_UTM_Zone_33N\",GEOGCS[\"GCS_WGS_1984\",DATUM["
             "\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM["
             "\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],PROJECTION["
             "\"Transverse_Mercator\"],PARAMETER[\"False_Easting\",500000.0],PARAMETER["
             "\"False_Northing\",0.0],PARAMETER[\"Central_Meridian\",15.0],PARAMETER["
             "\"Scale_Factor\",0.9996],PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT["
             "\"Meter\",1.0]]");
    read_facts("w.png", true, &f);
    assert_list(&f, ELC_FACT_AFFINE, affine, 6);
    assert_non_null(strstr(f.items[ELC_FACT_AFFINE].source, "w.pgw"));
    assert_true(fabs(f.items[ELC_FACT_CORNERS_LONLAT].numbers[0] - 15) < 1e-9);
    elc_facts_clear(&f);
}

/* ---- cameras
 * ---------------------------------------------------------------------------------- */

/* EXIF as GDAL names it, through PAM; the XMP as drones write it. */
static void test_facts_of_a_drone_photo_say_where_it_was(void **state) {
    (void)state;
    static const double position[] = {27.5 + 3.6 / 3600, -(53 + 54.0 / 60), 251.25};
    elc_facts f = {0};
    put_image("d.tif", 4, 4);
    put_text(
        "d.tif.aux.xml",
        "<PAMDataset><Metadata><MDI key=\"EXIF_Make\">DJI</MDI>"
        "<MDI key=\"EXIF_Model\">FC6310</MDI>"
        "<MDI key=\"EXIF_GPSLatitude\">(53) (54) (0)</MDI>"
        "<MDI key=\"EXIF_GPSLatitudeRef\">S</MDI>"
        "<MDI key=\"EXIF_GPSLongitude\">(27) (30) (3.6)</MDI>"
        "<MDI key=\"EXIF_GPSLongitudeRef\">E</MDI>"
        "<MDI key=\"EXIF_GPSAltitude\">(251.25)</MDI>"
        "<MDI key=\"EXIF_DateTimeOriginal\">2018:05:01 12:00:00</MDI>"
        "<MDI key=\"EXIF_OffsetTimeOriginal\">+03:00</MDI></Metadata>"
        "<Metadata domain=\"xml:XMP\" format=\"xml\"><x:xmpmeta "
        "xmlns:x=\"adobe:ns:meta/\"><r:RDF xmlns:r=\"http://rdf/\"><r:Description "
        "xmlns:drone-dji=\"http://www.dji.com/drone-dji/1.0/\" "
        "drone-dji:RelativeAltitude=\"+80.50\" drone-dji:GimbalYawDegree=\"-90.00\" "
        "drone-dji:GimbalPitchDegree=\"-89.90\"/></r:RDF></x:xmpmeta></Metadata>"
        "</PAMDataset>");
    read_facts("d.tif", true, &f);
    assert_text(&f, ELC_FACT_PLATFORM, "DJI");
    assert_text(&f, ELC_FACT_SENSOR, "FC6310");
    assert_list(&f, ELC_FACT_POSITION, position, 3);
    assert_real(&f, ELC_FACT_ALTITUDE, 80.5);
    assert_real(&f, ELC_FACT_VIEW_AZIMUTH, 270);
    assert_real(&f, ELC_FACT_OFF_NADIR, 90 - 89.9);
    assert_int_equal(f.items[ELC_FACT_ACQUIRED].time_us, 1525165200000000);
    assert_unknown(&f, ELC_FACT_CORNERS_LONLAT);
    elc_facts_clear(&f);
}

/* ---- sidecars made to do harm
 * --------------------------------------------------------------------- */

static void test_facts_tell_of_a_sidecar_that_is_broken(void **state) {
    (void)state;
    elc_facts f = {0};
    put_text("b.xml", "<isd><IMD></isd>");
    put_text("b.IMD", "BEGIN_GROUP = IMAGE\nsatId = \"WV03;\n");
    put_bytes("b.RPB", "\0\1\2", 3);
    put_image("b.tif", 4, 4);
    read_facts("b.tif", true, &f);
    assert_real(&f, ELC_FACT_WIDTH, 4);
    assert_non_null(strstr(f.conflicts, "\"field\":\"sidecar\""));
    assert_non_null(strstr(f.conflicts, "\"source\":\"b.xml\",\"error\":\"b.xml: not "
                                        "well-formed XML"));
    assert_non_null(strstr(f.conflicts, "b.IMD: line 3: a quotation mark"));
    assert_non_null(strstr(f.conflicts, "b.RPB: line 1: holds bytes that are no text"));
    elc_facts_clear(&f);
}

static void test_facts_tell_of_a_bomb(void **state) {
    (void)state;
    elc_facts f = {0};
    put_text("b.xml", "<!DOCTYPE a [<!ENTITY b 'x'>]><isd>&b;</isd>");
    put_image("b.tif", 4, 4);
    read_facts("b.tif", true, &f);
    assert_non_null(strstr(f.conflicts, "is refused"));
    elc_facts_clear(&f);
}

/* Every cut of every real sidecar is told of or read, and nothing else happens. */
static void check_cuts(const char *name, const char *below, size_t step) {
    elc_string bytes = {0};
    assert_int_equal(elc_file_read(data_path(below), 1 << 24, &bytes, NULL), ELC_OK);
    for (size_t n = 0; n < bytes.size; n += step) {
        elc_facts f = {0};
        put_bytes(name, bytes.data, n);
        read_facts("c.tif", false, &f);
        if (strstr(name, "xml") != NULL)
            assert_non_null(strstr(f.conflicts, "\"sidecar\""));
        elc_facts_clear(&f);
    }
    elc_string_free(&bytes);
}

static void test_facts_survive_truncated_sidecars(void **state) {
    (void)state;
    check_cuts("c.xml", "metadata/gdal/md_dg_2.XML", 97);
    check_cuts("c.xml", "metadata/gdal/DIM_md_ple.XML", 97);
    check_cuts("c.xml", "metadata/S2_T07HFE/MTD_TL.xml", 9973);
    empty_folder(NULL);
    check_cuts("c.IMD", "metadata/gdal/md_dg.IMD", 13);
    check_cuts("c.RPB", "metadata/gdal/md_dg.RPB", 13);
    check_cuts("c_MTL.txt", MTL ".txt", 501);
    empty_folder(NULL);
    check_cuts("c_MTL.json", MTL ".json", 501);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_facts_landsat_is_the_same_as_xml_text_and_json,
                               empty_folder),
        cmocka_unit_test_setup(test_facts_landsat_of_the_south_has_negative_northings,
                               empty_folder),
        cmocka_unit_test_setup(test_facts_sentinel_is_found_by_its_folders,
                               empty_folder),
        cmocka_unit_test_setup(
            test_facts_sentinel_of_level_1_has_its_resolution_by_band, empty_folder),
        cmocka_unit_test_setup(test_facts_digitalglobe_has_corners_bands_and_angles,
                               empty_folder),
        cmocka_unit_test_setup(test_facts_corners_of_a_larger_product_are_not_used,
                               empty_folder),
        cmocka_unit_test_setup(test_facts_match_by_the_file_name_that_is_stated,
                               empty_folder),
        cmocka_unit_test_setup(test_facts_match_tiles_by_the_stem_of_the_whole,
                               empty_folder),
        cmocka_unit_test_setup(test_facts_rpcs_of_the_whole_are_not_a_later_tiles,
                               empty_folder),
        cmocka_unit_test_setup(test_facts_do_not_take_another_images_sidecar,
                               empty_folder),
        cmocka_unit_test_setup(
            test_facts_of_a_product_opened_by_its_metadata_are_in_them, empty_folder),
        cmocka_unit_test_setup(test_facts_are_read_in_archives, empty_folder),
        cmocka_unit_test_setup(test_facts_spot_5_is_found_by_the_name_that_it_states,
                               empty_folder),
        cmocka_unit_test_setup(test_facts_fgdc_comes_after_the_image, empty_folder),
        cmocka_unit_test_setup(test_facts_iso_19139_is_read_in_its_namespaces,
                               empty_folder),
        cmocka_unit_test_setup(test_facts_voc_tells_of_a_wrong_size, empty_folder),
        cmocka_unit_test_setup(test_facts_pam_is_read_through_gdal, empty_folder),
        cmocka_unit_test_setup(test_facts_world_file_and_prj_are_named, empty_folder),
        cmocka_unit_test_setup(test_facts_of_a_drone_photo_say_where_it_was,
                               empty_folder),
        cmocka_unit_test_setup(test_facts_tell_of_a_sidecar_that_is_broken,
                               empty_folder),
        cmocka_unit_test_setup(test_facts_tell_of_a_bomb, empty_folder),
        cmocka_unit_test_setup(test_facts_survive_truncated_sidecars, empty_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
