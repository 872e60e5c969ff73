package io.starfire.serving.query.result;

/** An order of groups, which are numbers. */
@FunctionalInterface
interface IntComparator {
  int compare(int left, int right);

  default IntComparator then(IntComparator next) {
    return (left, right) -> {
      int order = compare(left, right);
      return order != 0 ? order : next.compare(left, right);
    };
  }

  default IntComparator reversed() {
    return (left, right) -> compare(right, left);
  }
}
