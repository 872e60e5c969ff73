package io.starfire.benchmarks.flights;

/**
 * What is compared of one month and origin.
 *
 * @param flights their number
 * @param distance sum, in miles
 * @param delay sum, in minutes
 */
record Numbers(long flights, long distance, long delay) {
  /** In minutes. */
  double meanDelay() {
    return (double) delay / flights;
  }
}
