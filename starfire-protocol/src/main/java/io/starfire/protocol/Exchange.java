package io.starfire.protocol;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends a request and waits for the whole answer with its body, for a limited time. The timeout of
 * Java's HTTP client covers the headers only. Thread-safe.
 */
final class Exchange {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
  private final String setting;
  private final Duration timeout;

  Exchange(String setting, Duration timeout) {
    this.setting = setting;
    this.timeout = timeout;
  }

  <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
    CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, handler);
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      boolean unused = answer.cancel(true);
      throw noAnswer(request, "did not answer within %d s".formatted(timeout.toSeconds()), e);
    } catch (ExecutionException e) {
      throw failed(request, e.getCause());
    } catch (InterruptedException e) {
      boolean unused = answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new StarfireException(
          ErrorCode.CANCELED,
          "interrupted while waiting for %s %s".formatted(request.method(), request.uri()),
          e);
    }
  }

  private StarfireException failed(HttpRequest request, Throwable cause) {
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      return new StarfireException(
          ErrorCode.UNAVAILABLE,
          "no Starfire server answers at %s; start one with 'bin/starfire server', or correct %s"
              .formatted(request.uri(), setting),
          cause);
    }
    return noAnswer(request, "gave no answer (%s)".formatted(cause), cause);
  }

  /** The error if no answer came: a request that only reads did nothing; any other may be done. */
  private static StarfireException noAnswer(HttpRequest request, String what, Throwable cause) {
    boolean reads = request.method().equals("GET");
    return new StarfireException(
        reads ? ErrorCode.UNAVAILABLE : ErrorCode.UNKNOWN_OUTCOME,
        "%s %s %s%s"
            .formatted(
                request.method(),
                request.uri(),
                what,
                reads ? "" : ", so that it is not known whether it was done"),
        cause);
  }
}
