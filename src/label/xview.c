/* xview.c - xView's GeoJSON: boxes in pixels among the properties. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/format.h"
#include "label/json.h"

#include <string.h>

static const struct {
    int id;
    const char *name;
} classes[] = {
    {11, "Fixed-wing Aircraft"},
    {12, "Small Aircraft"},
    {13, "Passenger/Cargo Plane"},
    {15, "Helicopter"},
    {17, "Passenger Vehicle"},
    {18, "Small Car"},
    {19, "Bus"},
    {20, "Pickup Truck"},
    {21, "Utility Truck"},
    {23, "Truck"},
    {24, "Cargo Truck"},
    {25, "Truck Tractor w/ Box Trailer"},
    {26, "Truck Tractor"},
    {27, "Trailer"},
    {28, "Truck Tractor w/ Flatbed Trailer"},
    {29, "Truck Tractor w/ Liquid Tank"},
    {32, "Crane Truck"},
    {33, "Railway Vehicle"},
    {34, "Passenger Car"},
    {35, "Cargo/Container Car"},
    {36, "Flat Car"},
    {37, "Tank Car"},
    {38, "Locomotive"},
    {40, "Maritime Vessel"},
    {41, "Motorboat"},
    {42, "Sailboat"},
    {44, "Tugboat"},
    {45, "Barge"},
    {47, "Fishing Vessel"},
    {49, "Ferry"},
    {50, "Yacht"},
    {51, "Container Ship"},
    {52, "Oil Tanker"},
    {53, "Engineering Vehicle"},
    {54, "Tower Crane"},
    {55, "Container Crane"},
    {56, "Reach Stacker"},
    {57, "Straddle Carrier"},
    {59, "Mobile Crane"},
    {60, "Dump Truck"},
    {61, "Haul Truck"},
    {62, "Scraper/Tractor"},
    {63, "Front Loader/Bulldozer"},
    {64, "Excavator"},
    {65, "Cement Mixer"},
    {66, "Ground Grader"},
    {71, "Hut/Tent"},
    {72, "Shed"},
    {73, "Building"},
    {74, "Aircraft Hangar"},
    {76, "Damaged Building"},
    {77, "Facility"},
    {79, "Construction Site"},
    {83, "Vehicle Lot"},
    {84, "Helipad"},
    {86, "Storage Tank"},
    {89, "Shipping Container Lot"},
    {91, "Shipping Container"},
    {93, "Pylon"},
    {94, "Tower"},
};
#define N_CLASSES (sizeof classes / sizeof *classes)

typedef struct xview {
    elc_label_build *b;
    elc_string image;
} xview;

/* They occur in the published file, and mean nothing. */
static bool is_ignored(json_int_t id) {
    return id == 75 || id == 82 || id == 87;
}

static const char *class_name(json_int_t id) {
    for (size_t i = 0; i < N_CLASSES; i++)
        if (classes[i].id == id)
            return classes[i].name;
    return NULL;
}

/* "x,y,x,y": two corners, whichever comes first. */
static elc_status read_bounds(xview *x, const char *text, double box[4],
                              elc_error *err) {
    elc_names numbers = {0};
    elc_status status = elc_names_split(&numbers, text, ',', err);
    if (status == ELC_OK && numbers.count != 4)
        status =
            ELC_LABEL_FAIL(x->b, err, ELC_E_FORMAT,
                           "bounds_imcoords is '%.60s', not xmin,ymin,xmax,ymax", text);
    for (size_t i = 0; i < 4 && status == ELC_OK; i++)
        status =
            elc_label_real(x->b, numbers.items[i], "bounds_imcoords", &box[i], err);
    elc_names_free(&numbers);
    for (int i = 0; i < 2 && status == ELC_OK; i++)
        if (box[i] > box[i + 2]) {
            double far = box[i];
            box[i] = box[i + 2];
            box[i + 2] = far;
        }
    return status;
}

static elc_status take_image(xview *x, const json_t *properties, elc_error *err) {
    const json_t *id = json_object_get(properties, "image_id");
    if (!json_is_string(id))
        return ELC_LABEL_FAIL(x->b, err, ELC_E_FORMAT,
                              "no image_id: it must be the image's file name");
    return elc_label_image_name(x->b, json_string_value(id), &x->image, err);
}

static elc_status take_feature(void *arg, size_t which, const json_t *value,
                               elc_error *err) {
    xview *x = arg;
    (void)which;
    const json_t *properties = json_object_get(value, "properties");
    const json_t *id = json_object_get(properties, "type_id");
    const char *bounds =
        json_string_value(json_object_get(properties, "bounds_imcoords"));
    json_int_t type = json_is_integer(id) ? json_integer_value(id) : -1;
    double box[4];
    if (bounds == NULL || type < 0)
        return ELC_LABEL_FAIL(x->b, err, ELC_E_FORMAT,
                              "no bounds_imcoords, a text, or no type_id, a number");
    if (is_ignored(type))
        return ELC_OK;
    if (class_name(type) == NULL)
        return ELC_LABEL_FAIL(x->b, err, ELC_E_FORMAT, "xView has no class %lld",
                              (long long)type);
    elc_label form = elc_label_blank();
    form.class_id = (int32_t)type;
    ELC_TRY(read_bounds(x, bounds, box, err));
    ELC_TRY(take_image(x, properties, err));
    return elc_label_add_box(x->b, x->image.data, class_name(type), &form, box, err);
}

int32_t elc_label_xview_id(const char *name) {
    int64_t id = -1;
    if (elc_parse_int(name, "class", &id, NULL) == ELC_OK)
        return class_name(id) != NULL ? (int32_t)id : -1;
    for (size_t i = 0; i < N_CLASSES; i++)
        if (elc_class_same(classes[i].name, name))
            return classes[i].id;
    return -1;
}

static elc_status xview_read(elc_label_build *b, elc_error *err) {
    static const char *const wanted[] = {"features", NULL};
    xview x = {.b = b};
    elc_status status = ELC_OK;
    size_t at = 0;
    for (size_t i = 0; i < N_CLASSES && status == ELC_OK; i++)
        status =
            elc_label_intern(&b->classes, &b->out->classes, classes[i].name, &at, err);
    if (status == ELC_OK)
        status = elc_label_json_each(b, wanted, take_feature, &x, err);
    elc_string_free(&x.image);
    return status;
}

static bool xview_is(const char *head) {
    return head[strspn(head, " \t\r\n")] == '{' && strstr(head, "\"bounds_imcoords\"");
}

static const char *const endings[] = {"geojson", "json", NULL};
const elc_label_format elc_label_format_xview = {"xview", endings, xview_is,
                                                 xview_read};
