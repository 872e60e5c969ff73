package io.starfire.benchmarks.flights;

/**
 * A month and an origin.
 *
 * @param month such as {@code 2001-01}
 * @param origin IATA code
 */
record Cell(String month, String origin) implements Comparable<Cell> {
  @Override
  public int compareTo(Cell other) {
    int byMonth = month.compareTo(other.month);
    return byMonth != 0 ? byMonth : origin.compareTo(other.origin);
  }
}
