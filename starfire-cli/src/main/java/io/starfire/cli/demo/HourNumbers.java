package io.starfire.cli.demo;

/**
 * The metrics of one hour.
 *
 * @param rows result events before rollup
 * @param impressions the data source's metric of that name
 * @param clicks impressions with a click
 * @param revenue sum of prices, in multiples of 1/64 and therefore exact
 */
record HourNumbers(long rows, long impressions, long clicks, double revenue) {
  static final HourNumbers NONE = new HourNumbers(0, 0, 0, 0);
}
