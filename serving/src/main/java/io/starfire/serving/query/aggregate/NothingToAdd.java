package io.starfire.serving.query.aggregate;

/** Adds nothing, whatever rows there are. Stateless. */
final class NothingToAdd extends Accumulator {
  @Override
  public void read(int from, int count) {}

  @Override
  public void add(int[] rows, int[] groups, int count) {}

  @Override
  public void addToOne(int[] rows, int count, int group) {}

  @Override
  public void addRange(int from, int to, int group) {}
}
