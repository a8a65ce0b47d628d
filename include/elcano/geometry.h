/* geometry.h - shapes: WKB in and out, and areas that chips and points are tested with.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_GEOMETRY_H
#define ELCANO_GEOMETRY_H

#include <elcano/geo.h>

ELC_BEGIN

/* The WKB (little endian, 2D) of a polygon of one ring of n points (closed here when it
   is not), appended to `out`. Fails on non-finite coordinates and n < 3.
   Counter-clockwise rings stay, clockwise ones are turned (RFC 7946). */
elc_status elc_wkb_polygon(const elc_point *ring, size_t n, elc_string *out,
                           elc_error *err);
elc_status elc_wkb_point(elc_point p, elc_string *out, elc_error *err);

/* Rings of polygons: each that is no hole begins one, and the holes after it are its
   own. Not closed. */
typedef struct elc_ring {
    size_t first, n; /* of the points */
    bool hole;
} elc_ring;
typedef struct elc_outline {
    elc_point *points;
    elc_ring *rings;
    size_t n_points, n_rings;
} elc_outline;

void elc_outline_free(elc_outline *outline);

/* The WKB of a polygon, or of a multipolygon where there are several, appended to
   `out`; rings are turned as elc_wkb_polygon does, holes the other way. Fails on points
   that are not finite, rings of fewer than three, no ring, and a hole as the first. */
elc_status elc_wkb_outline(const elc_outline *outline, elc_string *out, elc_error *err);

/* The polygons of a geometry, those of collections too, as an outline, rings turned as
   elc_wkb_polygon and elc_wkb_outline turn them; points, lines and rings of fewer than
   three points are left out. ELC_E_FORMAT for what is no WKB, ELC_E_UNSUPPORTED for
   curves. elc_outline_free() frees it. */
elc_status elc_outline_read(const void *wkb, size_t size, elc_outline *out,
                            elc_error *err);

/* A polygon, or a multipolygon cut at the antimeridian (RFC 7946 3.1.9), from a ring of
   lon, lat points; neighbours more than 180 degrees apart are meant the short way. A
   ring round a pole is led along the pole. Each piece is right for rings that a
   meridian crosses twice, as it does outlines of chips and boxes. ELC_E_ARGUMENT for
   longitudes beyond 360 or latitudes beyond 90. */
elc_status elc_wkb_polygon_lonlat(const elc_point *ring, size_t n, elc_string *out,
                                  elc_error *err);

/* The union of n pixel boxes {xmin, ymin, xmax, ymax} as the WKB of a (multi)polygon
   whose points `map` has moved to the ground, in place; sides get a point every `step`
   px, so that they follow a curved projection. n = 0 appends nothing. The second is for
   a `map` to longitude and latitude: cut at the antimeridian, and led along a pole, as
   elc_wkb_polygon_lonlat does. */
typedef void (*elc_point_map)(void *arg, elc_point *points, size_t n);
elc_status elc_wkb_boxes(const double (*boxes)[4], size_t n, double step,
                         elc_point_map map, void *arg, elc_string *out, elc_error *err);
elc_status elc_wkb_boxes_lonlat(const double (*boxes)[4], size_t n, double step,
                                elc_point_map map, void *arg, elc_string *out,
                                elc_error *err);

/* ---- spellings of a geometry ---------------------------------------------------- */

/* Read geometries of all types of OGC 06-103r4 that have no curves, with Z, M, both or
   none, and append their WKB as everything here takes it: ISO, little endian, without
   SRID. Types are kept (a multipolygon of one stays one), and so are empty parts, the
   order of points and each number to its last bit; rings need not be closed. *srid,
   which may be NULL, is the SRID that was stated, or 0. On failure nothing is appended:
   ELC_E_FORMAT with the place for what is not what it claims to be or nested deeper
   than 32, ELC_E_UNSUPPORTED for curves. */

/* WKB or PostGIS's EWKB, of either byte order. */
elc_status elc_wkb_from_ewkb(const void *bytes, size_t size, elc_string *out,
                             int32_t *srid, elc_error *err);
/* The same in hexadecimal digits. */
elc_status elc_wkb_from_hex(const char *text, size_t size, elc_string *out,
                            int32_t *srid, elc_error *err);
/* "SRID=4326;POINT Z (1 2 3)"; the prefix may be missing, and so may Z and ZM, which
   the count of numbers then says. NaN and Infinity are numbers. */
elc_status elc_wkb_from_wkt(const char *text, size_t size, elc_string *out,
                            int32_t *srid, elc_error *err);
/* A geometry object of RFC 7946. Foreign members and numbers after the third of a
   position are passed over; a position that lacks the Z that others of its geometry
   have gets NaN. The `crs` member of 2008 is read where it names a code of EPSG or
   CRS84 (4326), else ELC_E_UNSUPPORTED. */
elc_status elc_wkb_from_geojson(const char *text, size_t size, elc_string *out,
                                int32_t *srid, elc_error *err);

/* Write what the above read, appended to `out`. Numbers are rounded to so many decimals
   at most, without zeros at their ends; ELC_EXACT: as the shortest text that reads back
   as the same number. ELC_E_FORMAT for what is no WKB. */
enum { ELC_EXACT = -1 };

/* `srid` 0: none, and bytes that differ from WKB's only where there is Z or M. */
elc_status elc_wkb_to_ewkb(const void *wkb, size_t size, int32_t srid, elc_string *out,
                           elc_error *err);
/* Upper case, as PostGIS's; takes any bytes. */
elc_status elc_wkb_to_hex(const void *wkb, size_t size, elc_string *out,
                          elc_error *err);
elc_status elc_wkb_to_wkt(const void *wkb, size_t size, int decimals, elc_string *out,
                          elc_error *err);
/* M is left out. ELC_E_ARGUMENT for coordinates that are no finite numbers,
   ELC_E_UNSUPPORTED for types that GeoJSON has not (TIN and its like). */
elc_status elc_wkb_to_geojson(const void *wkb, size_t size, int decimals,
                              elc_string *out, elc_error *err);

/* Appends the ISO WKB of a geometry, as those above read it, with its points moved;
   `way` NULL: as they are. Z and M stay; in degrees the points of a part stay together,
   beyond 180 if need be (elc_transform_unroll), and a polygon whose ring goes round a
   pole has it: the ring is opened at 180 degrees and led along the pole, and so are
   holes that lie there. ELC_E_FORMAT for what is no WKB, ELC_E_UNSUPPORTED for curves,
   and for triangles and odd polygons round a pole, ELC_E_ARGUMENT where a point cannot
   be moved; then nothing is appended. */
elc_status elc_wkb_move(const void *wkb, size_t size, elc_transform *way,
                        elc_string *out, elc_error *err);

/* Checks WKB or EWKB of any OGC type from outside against hostile counts, nesting and
   lengths: ELC_E_FORMAT with the byte position. Bytes after the geometry are one, too.
   Coordinates are not looked at. */
elc_status elc_wkb_check(const void *wkb, size_t size, elc_error *err);
/* Reads the plainest WKB of a point: little endian, without Z, M or SRID; false for any
   other, and NULL. Nothing can be wrong with it. */
bool elc_wkb_plain_point(const void *wkb, size_t size, elc_point *out);

/* All points of the geometry, Z and M left out, rings as they are closed; appended to
   `*points`, a growing array of `*capacity` of which `*n` are used. Checks as
   elc_wkb_check does. */
elc_status elc_wkb_points(const void *wkb, size_t size, elc_point **points, size_t *n,
                          size_t *capacity, elc_error *err);

/* The same, and where in `*points` each line or ring ends. */
elc_status elc_wkb_rings(const void *wkb, size_t size, elc_point **points, size_t *n,
                         size_t *capacity, size_t **ends, size_t *n_ends,
                         size_t *end_capacity, elc_error *err);

/* From where to where things lie in longitude, as they are within [-180, 180] and with
   those of the west a turn further. Start with {0}. */
typedef struct elc_lonlat_span {
    bool any;
    double here[2], across[2];
} elc_lonlat_span;
void elc_lonlat_span_add(elc_lonlat_span *span, double west, double east);
/* The shorter of both, whose east is beyond 180 across the antimeridian; -180 and 180
   for the whole globe. False where there is nothing. */
bool elc_lonlat_span_ends(const elc_lonlat_span *span, double *west, double *east);

/* West, south, east and north of lines and rings in longitude and latitude, as
   elc_wkb_rings gives them, and of points after them; parts on both sides of the
   antimeridian lie across it where that is shorter. An edge of more than half a turn goes
   the short way, which `*turned` tells, but for rings from -180 to 180 sharp, which are
   as wide as that; a ring that so goes round a pole goes on to it. Points that are no
   numbers are passed over; false where all are. */
bool elc_lonlat_bounds(const elc_point *points, size_t n, const size_t *ends,
                       size_t n_ends, double box[4], bool *turned);

/* The outline of a polygon as one ring, not closed, of at most 2^30 from the origin:
   holes and further parts are joined to its first point by lines there and back, and
   what lies inside an odd number of times belongs to it. */
typedef struct elc_shape {
    const elc_point *ring;
    size_t n;
    uint32_t group; /* only outlines of one group meet, as those of one image */
} elc_shape;

/* Appends the outline of WKB to a growing array as elc_wkb_points does; points and
   lines give what they have. */
elc_status elc_wkb_shape(const void *wkb, size_t size, elc_point **points, size_t *n,
                         size_t *capacity, elc_error *err);

/* The same of WKT: of a polygon or multipolygon, else ELC_E_FORMAT. */
elc_status elc_wkt_shape(const char *text, elc_point **points, size_t *n,
                         size_t *capacity, elc_error *err);

typedef struct elc_overlap {
    uint32_t a, b; /* indices */
    double common; /* the area that both share */
} elc_overlap;

/* The areas of n outlines: 0 where less than three points or a line are all there is.
   ELC_E_FORMAT for what is no number or too far. */
elc_status elc_shape_areas(const elc_shape *outlines, size_t n, double *areas,
                           elc_error *err);
/* All pairs of one group that share at least `least`, 0 to 1, of the smaller, and more
   than nothing; by `a`, then `b`. Those that cross themselves are made valid (GEOS's
   MakeValid). More than 2^27 pairs are refused. *out is the caller's. */
elc_status elc_shapes_overlap(const elc_shape *a, size_t n_a, const elc_shape *b,
                              size_t n_b, double least, elc_overlap **out, size_t *n,
                              elc_error *err);

/* A convex ring of few points, not closed, turning either way. */
enum { ELC_CONVEX_MOST = 64 };
typedef struct elc_convex {
    size_t n;
    elc_point at[ELC_CONVEX_MOST];
} elc_convex;

/* Leaves of a shape what lies in another, which may be nothing: n = 0, or points
   without area. Points beyond the most that there is room for are dropped: two of up to
   half that many always fit. Sutherland and Hodgman 1974. */
void elc_convex_cut(elc_convex *shape, const elc_convex *by);
double elc_convex_area(const elc_convex *shape);

/* An area of interest: the union of polygons, prepared for many questions, which
   threads may ask at once. */
typedef struct elc_area elc_area;

elc_status elc_area_create(elc_area **out, elc_error *err);
/* Adds a (multi)polygon or collection of them as WKB; others are ELC_E_UNSUPPORTED.
   Invalid polygons are made valid (GEOS's MakeValid). Empty ones add nothing. */
elc_status elc_area_add(elc_area *area, const void *wkb, size_t size, elc_error *err);
/* True when the closed ring (n points, not repeated) shares a point with the area. A
   ring with NaN counts as touching, since nothing is known of it. */
elc_status elc_area_meets_ring(elc_area *area, const elc_point *ring, size_t n,
                               bool *out, elc_error *err);
/* Inside or on the border; false for NaN. */
elc_status elc_area_covers_point(elc_area *area, elc_point p, bool *out,
                                 elc_error *err);
/* An area, and the way to its CRS from longitude and latitude; borrowed. */
typedef struct elc_area_way {
    elc_area *area;     /* NULL: everywhere is inside */
    const elc_crs *crs; /* of the area; NULL: OGC:CRS84 */
    elc_transform *to_area;
} elc_area_way;
/* True when a box {xmin, ymin, xmax, ymax} in an image's pixels shares no point with the
   area. One whose place is not known, or that crosses the antimeridian, does not miss
   it. */
elc_status elc_area_misses_box(const elc_area_way *way, elc_locator *locator,
                               const double box[4], bool *out, elc_error *err);
size_t elc_area_polygons(const elc_area *area);
void elc_area_free(elc_area *area);

/* ---- measures -------------------------------------------------------------------- */

/* Measures geometries of one CRS. One thread at a time. */
typedef struct elc_measure elc_measure;

/* The geometry that may be made beside the measures. */
typedef enum elc_measure_shape {
    ELC_MEASURE_SAME, /* none */
    ELC_MEASURE_CENTROID,
    ELC_MEASURE_HULL,
    ELC_MEASURE_ENVELOPE
} elc_measure_shape;

typedef struct elc_measure_wish {
    bool sizes, centroid, bounds, validity;
    elc_measure_shape shape;
} elc_measure_wish;

typedef enum elc_measure_validity {
    ELC_MEASURE_NOT_KNOWN,
    ELC_MEASURE_IS_VALID,
    ELC_MEASURE_IS_INVALID
} elc_measure_validity;

/* NaN: not asked for, or nowhere. An empty geometry has sizes of 0 and no place. */
typedef struct elc_measured {
    bool known;       /* false: it could not be read, or has numbers that are none */
    double area;      /* of its polygons, without their holes; below 0 where an invalid
                         one has holes larger than itself */
    double length;    /* of its lines */
    double perimeter; /* of its polygons, holes included */
    elc_point centroid;
    double box[4]; /* xmin, ymin, xmax, ymax */
    elc_measure_validity validity;
    const char *reason; /* of what is not valid, with the place; NULL: none. Borrowed,
                           until the next geometry */
} elc_measured;

/* `geodesic`: metres and square metres on WGS 84's ellipsoid, along geodesics between
   the points (Karney 2013, through PROJ's geodesic.h); else in the CRS's own units, in
   its plane. `crs` NULL means OGC:CRS84. */
elc_status elc_measure_create(const elc_crs *crs, bool geodesic, elc_measure **out,
                              elc_error *err);
/* Z and M are passed over. How rings turn does not matter; on the ellipsoid the area of
   a ring is that of its smaller side, so that rings round a pole or across the
   antimeridian are none that are special. Centroid, bounds, hull and validity are
   GEOS's in the CRS's plane. The WKB of wish->shape is appended to `made`, which may be
   NULL without one. ELC_E_FORMAT for what is no WKB; what GEOS cannot read (curves,
   rings that are not closed) is not known, with the reason. */
elc_status elc_measure_wkb(elc_measure *m, const void *wkb, size_t size,
                           const elc_measure_wish *wish, elc_measured *out,
                           elc_string *made, elc_error *err);
void elc_measure_free(elc_measure *m);

/* The shortest way in metres on WGS 84's ellipsoid between two geometries of longitude
   and latitude, whose segments are straight in these; NaN where one is empty.
   ELC_E_ARGUMENT for coordinates that are nowhere. */
elc_status elc_wkb_distance_m(const void *a, size_t size_a, const void *b,
                              size_t size_b, double *out, elc_error *err);

/* ---- overlay --------------------------------------------------------------------- */

/* What became of a geometry. */
typedef enum elc_taken {
    ELC_TAKEN_SOUND,
    ELC_TAKEN_MENDED, /* it was invalid, and was made valid (GEOS's MakeValid) */
    ELC_TAKEN_NOWHERE /* it cannot be read, has numbers that are none, or is nowhere in
                         the CRS: it counts as nothing */
} elc_taken;

/* Geometries of a table, laid over others of one CRS, in its plane. Invalid ones are
   made valid; of a collection what has the highest dimension counts; Z and M are left
   out. In longitude and latitude, polygons that reach across the antimeridian are cut
   there. One thread at a time. */
typedef struct elc_overlay elc_overlay;

/* `crs` is that of all geometries once they are moved; NULL means OGC:CRS84 where one
   is stated. */
elc_status elc_overlay_create(const elc_crs *crs, bool stated, elc_overlay **out,
                              elc_error *err);
/* Adds a member, whose number is how many there were before it. `wkb` NULL: one that is
   nothing. `way` leads to the CRS; NULL: it is in it. ELC_E_FORMAT for what is no WKB. */
elc_status elc_overlay_add(elc_overlay *o, const void *wkb, size_t size,
                           elc_transform *way, elc_taken *taken, elc_error *err);
/* Asks with a geometry: *met = the numbers of the *n members that share a point with
   it, rising; borrowed until the next question. */
elc_status elc_overlay_ask(elc_overlay *o, const void *wkb, size_t size,
                           elc_transform *way, const size_t **met, size_t *n,
                           elc_taken *taken, elc_error *err);
/* False when what was asked with is nothing: NULL, empty or nowhere. */
bool elc_overlay_has_asked(const elc_overlay *o);
/* Appends the WKB of what the geometry that was asked with has in common with a member,
   and of what it has in common with none. Nothing where there is none: only parts of
   the lower of both dimensions count, or of its own; and polygons narrower than 1e-12
   of the largest ordinate, as rounding makes them, are left out. */
elc_status elc_overlay_common(elc_overlay *o, size_t member, elc_string *out,
                              elc_error *err);
elc_status elc_overlay_rest(elc_overlay *o, elc_string *out, elc_error *err);
/* Appends the union of n members; nothing where all are nothing. Many are united in
   groups of those that lie together. */
elc_status elc_overlay_union(elc_overlay *o, const size_t *members, size_t n,
                             elc_string *out, elc_error *err);

/* For many threads: each has its own elc_overlay of the same members. It borrows those
   of `of`, which is freed last. */
elc_status elc_overlay_share(elc_overlay *of, elc_overlay **out, elc_error *err);
/* Adds n members that are nothing, by one thread; then sets them, as elc_overlay_add
   does, each by one of many threads. */
elc_status elc_overlay_extend(elc_overlay *o, size_t n, elc_error *err);
elc_status elc_overlay_set(elc_overlay *o, size_t member, const void *wkb, size_t size,
                           elc_transform *way, elc_taken *taken, elc_error *err);
/* To be called by one thread, after the last member and before many ask. */
elc_status elc_overlay_ready(elc_overlay *o, elc_error *err);
/* Asks with a member of another, of the same CRS. */
elc_status elc_overlay_ask_member(elc_overlay *o, const elc_overlay *of, size_t member,
                                  const size_t **met, size_t *n, elc_error *err);
/* Moves the geometry that elc_overlay_ask was given to a member of another, of the same
   CRS; `o` has asked nothing then. */
void elc_overlay_keep(elc_overlay *o, elc_overlay *to, size_t member);
/* As elc_overlay_union, by up to `threads` threads, each through its own of `all`; the
   same bytes for any number. Looks at the context, which may be NULL, for a cancel. */
elc_status elc_overlay_union_by(elc_overlay *const *all, int threads,
                                const elc_context *context, const size_t *members,
                                size_t n, elc_string *out, elc_error *err);
void elc_overlay_free(elc_overlay *o);

/* Changes geometries of one CRS, each by itself. One thread at a time. */
typedef struct elc_edit elc_edit;

elc_status elc_edit_create(const elc_crs *crs, bool stated, elc_edit **out,
                           elc_error *err);
/* Appends the WKB of the valid geometry. Each appends nothing where nothing is left. */
elc_status elc_edit_valid(elc_edit *e, const void *wkb, size_t size, elc_string *out,
                          elc_taken *taken, elc_error *err);
/* Douglas and Peucker's lines with rings that stay valid (GEOS's
   TopologyPreserveSimplify): points less than a tolerance, 0 or more, from them are
   left out; in metres by the scale of the CRS at the geometry's middle. */
elc_status elc_edit_simplify(elc_edit *e, const void *wkb, size_t size,
                             double tolerance, bool metres, elc_string *out,
                             elc_taken *taken, elc_error *err);
/* All that is at most so far from the geometry; less than 0: the polygon without what
   is so near to its edge. Circles have 64 corners, 0.12 % inside of them. In metres:
   on the plane of WGS 84's azimuthal equidistant projection round the middle of each
   part of the geometry. ELC_E_UNSUPPORTED for a part that reaches over 2,000 km from
   there. */
elc_status elc_edit_buffer(elc_edit *e, const void *wkb, size_t size, double distance,
                           bool metres, elc_string *out, elc_taken *taken,
                           elc_error *err);
/* By what share lengths of the planes of all buffers so far were wrong at worst, at
   their edges: 1 - sin(c) / c where they reach c radii of Earth from their middle. */
double elc_edit_error(const elc_edit *e);
void elc_edit_free(elc_edit *e);

/* ---- which cells a geometry lies in ---------------------------------------------- */

typedef enum elc_cover_relation {
    ELC_COVER_WITHIN,   /* the cell lies in the geometry */
    ELC_COVER_CONTAINS, /* the geometry lies in the cell */
    ELC_COVER_MEETS     /* they share a point */
} elc_cover_relation;

/* `level` is the bits of a z-order cell and the zoom of a tile, whose `cell` is its
   elc_quad_code; 0 for a hexagon. */
typedef struct elc_cover_cell {
    int64_t cell;
    int level;
    elc_cover_relation relation;
} elc_cover_cell;

/* A growing array; start with {0}. Its cells are the caller's to free(). */
typedef struct elc_cover {
    elc_cover_cell *cells;
    size_t count, capacity;
} elc_cover;

/* Appends cells of at most so many bits (1 to 60; tiles: of zoom 0 to 30) that together
   hold the whole geometry, as WKB in longitude and latitude: each is as large as it can
   be without reaching out of the geometry, and cells on its border as small as `most`
   cells (at least 4) allow. Each shares a point with it, its border counting, or is
   left out; holes are no part of it. In the order of their curve. What lies beyond
   -180 to 180 degrees, and of tiles beyond the map, has no cells. ELC_E_FORMAT for what
   is no WKB, ELC_E_UNSUPPORTED where GEOS cannot answer. */
elc_status elc_cover_zcells(const void *wkb, size_t size, int bits, size_t most,
                            elc_cover *out, elc_error *err);
elc_status elc_cover_quads(const void *wkb, size_t size, int zoom, size_t most,
                           elc_cover *out, elc_error *err);
/* The same of hexagons, by rising numbers, which are all of one size: more than `most`
   are ELC_E_UNSUPPORTED. */
elc_status elc_cover_hexes(const void *wkb, size_t size, elc_hex_grid grid, size_t most,
                           elc_cover *out, elc_error *err);

/* ---- which zones a point lies in ---------------------------------------------- */

/* An index of many polygons and multipolygons, which may overlap: a grid whose cells
   answer at once where no edge is. Exact: the answers are those of the predicates on
   the numbers as they are. Once built it may be asked by many threads. */
typedef struct elc_zones elc_zones;

typedef struct elc_zone_hit {
    uint32_t zone;
    bool border; /* the point is on its border, else inside */
} elc_zone_hit;

/* A growing array; start with {0}. */
typedef struct elc_zone_hits {
    elc_zone_hit *items;
    size_t count, capacity;
} elc_zone_hits;

elc_status elc_zones_create(elc_zones **out, elc_error *err);
/* Adds a valid polygon or multipolygon as WKB under a number of the caller's, who adds
   them by rising numbers; the inside of one that is not valid is what an odd number of
   its rings hold. ELC_E_ARGUMENT for a coordinate that is no number, beyond 2^400 or
   within 2^-400 of 0, yet not 0; nothing is added then. */
elc_status elc_zones_add(elc_zones *zones, const void *wkb, size_t size, uint32_t zone,
                         elc_error *err);
/* To be called once, after the last zone. ELC_E_MEMORY for more than an index holds. */
elc_status elc_zones_build(elc_zones *zones, elc_error *err);
/* The same index, built by up to so many threads. */
elc_status elc_zones_build_by(elc_zones *zones, int threads, elc_error *err);
/* Sets `hits` to the zones that the point is inside of or on the border of, by number.
   NaN is in none; a coordinate within 2^-400 of 0, yet not 0, counts as so far away. */
elc_status elc_zones_find(const elc_zones *zones, elc_point p, elc_zone_hits *hits,
                          elc_error *err);
/* The same for many points, several times as fast: the hits of point i are those before
   `ends[i]`, from where the point before it ends. */
elc_status elc_zones_find_all(const elc_zones *zones, const elc_point *points, size_t n,
                              elc_zone_hits *hits, size_t *ends, elc_error *err);
/* The zone among the hits of a point that owns it: the first that has the point when
   all points are moved a little to the right and, by much less, up; else the first hit.
   So a point on a border that zones share belongs to exactly one. `hits` is not empty.
 */
uint32_t elc_zones_owner(const elc_zones *zones, elc_point p,
                         const elc_zone_hits *hits);
/* Vertices of all zones, and bytes that the built index takes with them. */
size_t elc_zones_vertices(const elc_zones *zones);
size_t elc_zones_bytes(const elc_zones *zones);
void elc_zones_free(elc_zones *zones);

/* ---- which places stand in a relation to another -------------------------------- */

/* Those of OGC 06-103r4 6.1.15, of a left place to a right one, on the plane of the
   coordinates as they are; ELC_NEAR: within a distance. */
typedef enum elc_predicate {
    ELC_INTERSECTS,
    ELC_WITHIN,
    ELC_CONTAINS,
    ELC_COVERS,
    ELC_COVERED_BY,
    ELC_TOUCHES,
    ELC_CROSSES,
    ELC_OVERLAPS,
    ELC_EQUALS,
    ELC_DISJOINT,
    ELC_NEAR
} elc_predicate;

/* What is said of a place besides what it matches. Those that are missing, empty,
   nowhere or broken match nothing, whatever the predicate; the others are answered. */
typedef enum elc_place_state {
    ELC_PLACE_SOUND,
    ELC_PLACE_MISSING, /* NULL */
    ELC_PLACE_EMPTY,
    ELC_PLACE_NOWHERE,  /* coordinates that are no finite numbers */
    ELC_PLACE_BROKEN,   /* no geometry: rings that are open, lines of one point, curves */
    ELC_PLACE_INVALID,  /* what OGC calls invalid: answered as GEOS does, unprepared;
                           distances as elc_nearby does, which does not say it */
    ELC_PLACE_UNASKABLE /* GEOS cannot ask this of one of the pairs: taken for no */
} elc_place_state;

/* The right places, by rising numbers from 0. Points are asked for polygons through
   elc_zones, distances through elc_nearby, all else goes through GEOS. */
typedef struct elc_places elc_places;

elc_status elc_places_create(elc_places **out, elc_error *err);
/* To be called before the first is added where coordinates are degrees of longitude and
   latitude: what is 360 degrees apart is one place. Points are asked a turn further,
   too; lines and polygons beyond [-180, 180] are cut there and put where they are
   within; those that a transform brings there go the shorter way round. */
void elc_places_globe(elc_places *places);
/* `transform` may be NULL. ELC_E_FORMAT for what is no WKB; WKB that is NULL is
 * missing. */
elc_status elc_places_add(elc_places *places, const void *wkb, size_t size,
                          elc_transform *transform, elc_place_state *state,
                          elc_error *err);
/* To be called once, after the last; uses up to so many threads. */
elc_status elc_places_build(elc_places *places, int threads, elc_error *err);
/* The box of all that have a shape, as they came: xmin, ymin, xmax, ymax; false where
   none has. */
bool elc_places_reach(const elc_places *places, double box[4]);
void elc_places_free(elc_places *places);

/* What is asked. One thread's; many may ask the same places. */
typedef struct elc_asker elc_asker;
typedef struct elc_question {
    elc_predicate predicate;
    double distance; /* of ELC_NEAR: in units of the coordinates, or metres */
    bool metres; /* coordinates are longitude and latitude */
    bool owner;  /* at most one zone: elc_zones_owner's of the point, or of one inside */
    elc_transform *transform; /* of left places to the CRS of the right; may be NULL */
} elc_question;

/* Borrows the places. */
elc_status elc_asker_create(elc_places *places, const elc_question *question,
                            elc_asker **out, elc_error *err);
/* Sets *rows, borrowed until the next question, to the numbers of the right places that
   match, rising. */
elc_status elc_asker_find(elc_asker *asker, const void *wkb, size_t size,
                          elc_place_state *state, const uint32_t **rows, size_t *n,
                          elc_error *err);
elc_status elc_asker_find_point(elc_asker *asker, elc_point p, elc_place_state *state,
                                const uint32_t **rows, size_t *n, elc_error *err);
/* Says which left points, ELC_ZONES_EXPECTED at most, are asked next, for they are found
   faster together. Others may be asked between them. */
enum { ELC_ZONES_EXPECTED = 256 };
void elc_asker_expect(elc_asker *asker, const elc_point *points, size_t n);
void elc_asker_free(elc_asker *asker);

/* ---- which places are nearest to another ------------------------------------------ */

/* Places of any type, by rising numbers from 0, in trees over their points and the
   pieces of their lines: arrays, built once, which many threads may ask. Lines are
   straight in the coordinates; the inside of a polygon that is not valid is what an odd
   number of its rings hold. */
typedef struct elc_nearby elc_nearby;

/* `metres`: coordinates are longitude and latitude on WGS 84, and distances metres on
   the ellipsoid, also across the antimeridian and the poles; else distances are those of
   the plane, in its unit. */
elc_status elc_nearby_create(bool metres, elc_nearby **out, elc_error *err);
/* `way` leads to those coordinates and may be NULL. ELC_E_FORMAT for what is no WKB; one
   that is NULL, empty, broken or NOWHERE (no number, beyond 2^400, off the globe, or
   10,000 times round it) is near to nothing. Lines are held in pieces of a degree at
   most where metres are asked. */
elc_status elc_nearby_add(elc_nearby *near, const void *wkb, size_t size,
                        elc_transform *way, elc_place_state *state, elc_error *err);
/* To be called once, after the last. What is made of lines is made by who asks first,
   the others wait: a tree, or, where points ask for all within a distance, a grid. */
elc_status elc_nearby_build(elc_nearby *near, elc_error *err);
/* Vertices of all places, and bytes that what is made until now takes with them. */
size_t elc_nearby_vertices(const elc_nearby *near);
size_t elc_nearby_bytes(const elc_nearby *near);
void elc_nearby_free(elc_nearby *near);

/* What is asked. One thread's. */
typedef struct elc_nearby_asker elc_nearby_asker;
typedef struct elc_nearby_question {
    size_t k;           /* how many places, 1 or more */
    double most;        /* the farthest that counts; INFINITY: any */
    elc_transform *way; /* of those who ask to the coordinates; may be NULL */
} elc_nearby_question;

typedef struct elc_nearby_hit {
    double distance;
    uint32_t place;
} elc_nearby_hit;

/* Borrows the places. */
elc_status elc_nearby_asker_create(const elc_nearby *near,
                                 const elc_nearby_question *question,
                                 elc_nearby_asker **out, elc_error *err);
/* Sets *hits, borrowed until the next question, to the nearest places, those at one
   distance by rising number. 0 is the distance of places that share a point. Between
   points the distance is elc_distance_m's, or the root of the summed squares, to the
   last bit, and no rounding loses a nearer one. */
elc_status elc_nearby_find(elc_nearby_asker *asker, const void *wkb, size_t size,
                         elc_place_state *state, const elc_nearby_hit **hits, size_t *n,
                         elc_error *err);
elc_status elc_nearby_find_point(elc_nearby_asker *asker, elc_point p,
                               elc_place_state *state, const elc_nearby_hit **hits,
                               size_t *n, elc_error *err);
/* Sets *places, borrowed likewise, to all that are at most `most` away, rising. */
elc_status elc_nearby_within(elc_nearby_asker *asker, const void *wkb, size_t size,
                           elc_place_state *state, const uint32_t **places, size_t *n,
                           elc_error *err);
elc_status elc_nearby_within_point(elc_nearby_asker *asker, elc_point p,
                                 elc_place_state *state, const uint32_t **places,
                                 size_t *n, elc_error *err);
/* As elc_zones_expect: the points that elc_nearby_within_point is asked for next. */
enum { ELC_NEARBY_EXPECTED = 64 };
void elc_nearby_expect(elc_nearby_asker *asker, const elc_point *points, size_t n);
void elc_nearby_asker_free(elc_nearby_asker *asker);

/* ---- which points are dense together ----------------------------------------------- */

/* The clusters of DBSCAN (Ester and others 1996), whatever the order of the points and
   the number of threads. A point's neighbours are those at most `eps` from it, itself
   among them; with `min_points` of them it is a core point. Core points that are
   neighbours are of one cluster. Others belong to the lowest cluster of a core point
   within `eps`, or to none. */
#define ELC_CLUSTER_LEAST_M 0.02
#define ELC_CLUSTER_MOST_M  1e6
typedef struct elc_cluster_wish {
    double eps; /* of the plane: in its unit; metres: 0.02 to 1,000,000 */
    bool metres; /* points are longitude (any turn within 360) and latitude on WGS 84, and
                    distances elc_distance_m's; else the root of the summed squares */
    size_t min_points;          /* 1 or more */
    const elc_context *context; /* threads and cancel; may be NULL */
} elc_cluster_wish;

/* Start with {0}. */
typedef struct elc_clusters {
    size_t count;
    elc_point *least; /* of each cluster: its core point that is first by x, then y */
} elc_clusters;

/* labels[i] = the cluster of point i, from 0 in the order of their least core points;
   -1: of none. Points are put in another order meanwhile, and are back in theirs at the
   end; after a failure they are in any, and `labels` says nothing. `out` may be NULL.
   ELC_E_ARGUMENT for points that are nowhere (NaN, beyond 2^400 or off the globe), and
   where eps is less than a 3,000,000,000th of the points' extent. Takes 40 to 60 bytes
   a point, of metres 70 to 90. */
elc_status elc_clusters_find(elc_point *points, size_t n, const elc_cluster_wish *wish,
                             int32_t *labels, elc_clusters *out, elc_error *err);
void elc_clusters_free(elc_clusters *clusters);

/* ---- hulls ----------------------------------------------------------------------- */

/* Appends the WKB of the convex hull of n > 0 points: a polygon whose corners are some
   of them, or a point or line where it has no area. `lonlat`: points are longitude and
   latitude, and the hull is that of the azimuthal equidistant plane round their middle,
   so that it is right across the antimeridian, where it is cut, and round a pole; what
   is thinner than a micrometre there is a line. */
elc_status elc_wkb_hull(const elc_point *points, size_t n, bool lonlat, elc_string *out,
                        elc_error *err);

ELC_END
#endif
