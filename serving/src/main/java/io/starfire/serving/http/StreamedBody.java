package io.starfire.serving.http;

import io.javalin.http.Context;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.io.OutputStream;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the body of an answer while it is made. As long as its beginning is held back, an error can
 * take its place. If making it fails later, the connection is broken off, so that no client takes a
 * part for the whole. Stateless.
 */
final class StreamedBody {
  private static final Logger LOG = LoggerFactory.getLogger(StreamedBody.class);
  private static final int HELD_BACK_BYTES = 1 << 14;

  private StreamedBody() {}

  /** Makes a body. */
  @FunctionalInterface
  interface Maker {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Answers with a body of JSON.
   *
   * @param id of the query, for the log
   */
  static void send(Context context, String id, Maker maker) {
    HeldBackStream body = new HeldBackStream(context, HELD_BACK_BYTES);
    context.status(200).contentType("application/json");
    try {
      maker.writeTo(body);
      body.finish();
    } catch (RuntimeException e) {
      if (body.isSending()) {
        LOG.warn("query {} failed while its answer was sent: {}", id, e.toString());
        breakOff(context, e);
      }
      throw e;
    } catch (IOException e) {
      LOG.info(
          "query {} ended, because its client took no more of the answer: {}", id, e.toString());
      breakOff(context, e);
      throw new StarfireException(
          ErrorCode.CANCELED, "the client of the query took no more of the answer", e);
    }
  }

  /** The client sees that the body is not whole: its last chunk never comes. */
  private static void breakOff(Context context, Exception cause) {
    ServletContextRequest.getServletContextRequest(context.req()).getServletChannel().abort(cause);
  }
}
