package io.starfire.kernel;

/** Takes the events that an operator puts out. */
@FunctionalInterface
interface Step {
  void accept(Object event, long timeMillis);

  /** All of the steps, in this order. */
  static Step all(Step... steps) {
    if (steps.length == 1) {
      return steps[0];
    }
    return (event, timeMillis) -> {
      for (Step step : steps) {
        step.accept(event, timeMillis);
      }
    };
  }
}
