/* elcano.h - the whole public API of Elcano. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_ELCANO_H
#define ELCANO_ELCANO_H

#include <elcano/base.h>
#include <elcano/files.h>
#include <elcano/table.h>
#include <elcano/geo.h>
#include <elcano/geometry.h>
#include <elcano/image.h>
#include <elcano/model.h>
#include <elcano/detect.h>
#include <elcano/classify.h>
#include <elcano/layer.h>
#include <elcano/map.h>
#include <elcano/label.h>
#include <elcano/score.h>
#include <elcano/learn.h>
#include <elcano/run.h>
#include <elcano/job.h>
#include <elcano/serve.h>
#include <elcano/function.h>
#include <elcano/sql.h>

#endif
