package io.starfire.benchmarks.process;

import com.fasterxml.jackson.databind.JsonNode;

/** A server's routes, asked as any client asks them. */
public interface StarfireHttp {
  /** The answer. */
  JsonNode get(String path);

  /**
   * The answer.
   *
   * @param body is sent as JSON
   */
  JsonNode post(String path, Object body);
}
