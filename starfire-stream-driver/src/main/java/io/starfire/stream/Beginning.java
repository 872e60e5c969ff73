package io.starfire.stream;

/** How a stream is to begin. */
public sealed interface Beginning {
  /** Where it was; at the first start, at the start of each log. */
  Beginning CONTINUE = new Continue();

  /** As {@link #CONTINUE}, and with raw topics that were made anew, from their start. */
  Beginning NEW_TOPIC = new NewTopic();

  /** Anew, with empty state. */
  static Beginning reset(StartFrom from) {
    return new Reset(from);
  }

  /** See {@link #CONTINUE}. */
  record Continue() implements Beginning {}

  /** See {@link #NEW_TOPIC}. */
  record NewTopic() implements Beginning {}

  /** See {@link #reset}. */
  record Reset(StartFrom from) implements Beginning {}
}
