// ElcanoException.java - what the C core refuses or fails at, in its own words.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

/** A failure of the C core; the message says what to do. */
public final class ElcanoException extends RuntimeException {
  private final String status;

  public ElcanoException(String status, String message) {
    super(message);
    this.status = status;
  }

  /** "argument", "not_found", "io", "format", "cancelled", ... */
  public String status() {
    return status;
  }
}
