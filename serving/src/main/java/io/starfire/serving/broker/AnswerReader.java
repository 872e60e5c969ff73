package io.starfire.serving.broker;

import io.starfire.serving.query.result.Answer;
import java.io.IOException;

/**
 * Reads an answer while its rows are open.
 *
 * @param <T> what the reader makes of the answer
 */
@FunctionalInterface
public interface AnswerReader<T> {
  /**
   * Reads the answer. It cannot be used after this returns.
   *
   * @throws IOException if the answer cannot be passed on
   */
  T read(Answer answer) throws IOException;
}
