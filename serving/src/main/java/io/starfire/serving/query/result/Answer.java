package io.starfire.serving.query.result;

import java.io.IOException;
import java.io.OutputStream;

/**
 * What a query is answered with. Written as JSON in UTF-8, in the shape that Druid gives to the
 * type of query. Times have three decimals and are UTC, or, of buckets under a period with a time
 * zone, with the offset that the zone has then; NaN and the infinities are the strings NaN,
 * Infinity and -Infinity; a backslash is written as its code.
 */
public interface Answer {
  /**
   * Writes the answer. Flushes the stream, and does not close it.
   *
   * @param pretty whether with line breaks and indentation
   * @throws IOException if the stream does
   * @throws io.starfire.common.StarfireException for an answer that is read while it is written, if
   *     reading fails; what was written up to then is no JSON
   */
  void writeTo(OutputStream out, boolean pretty) throws IOException;
}
