package io.starfire.serving.broker;

import io.starfire.serving.query.result.Answer;
import java.io.IOException;

/**
 * Takes an answer while the rows that it is read from are open.
 *
 * @param <T> what it makes of it
 */
@FunctionalInterface
public interface AnswerReader<T> {
  /**
   * Reads the answer, which is gone when this returns.
   *
   * @throws IOException if the answer cannot be handed on
   */
  T read(Answer answer) throws IOException;
}
