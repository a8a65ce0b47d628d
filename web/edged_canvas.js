// edged_canvas.js - shapes whose lines have a dark edge. SPDX-License-Identifier: Apache-2.0
import * as L from './leaflet.js';

const EDGE = '#06202e', WIDTH = 1.5;

/** Bright lines are seen on dark ground and their edges on bright ground, whatever the theme and the imagery. */
export class EdgedCanvas extends L.Canvas {
  _fillStroke(context, layer) {
    const {opacity, weight} = layer.options;
    Object.assign(context, {globalAlpha: opacity, lineWidth: weight + 2 * WIDTH, strokeStyle: EDGE, lineJoin: 'round'});
    context.stroke();
    super._fillStroke(context, layer);
  }
}
