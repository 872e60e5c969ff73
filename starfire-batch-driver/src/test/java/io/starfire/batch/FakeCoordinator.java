package io.starfire.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.protocol.ErrorResponse;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.protocol.VersionRequest;
import io.starfire.protocol.VersionResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Answers the coordinator's routes over real HTTP and remembers what it was asked. A publication
 * becomes active at the second look at it, unless it is held.
 */
public final class FakeCoordinator implements AutoCloseable {
  public final List<String> requests = new CopyOnWriteArrayList<>();
  public final List<JsonNode> registrations = new CopyOnWriteArrayList<>();
  public final List<VersionRequest> versionRequests = new CopyOnWriteArrayList<>();
  public final List<PublicationRequest> publications = new CopyOnWriteArrayList<>();

  /** How many of the next requests to register a publication are cut off before they are done. */
  public final AtomicInteger cutBefore = new AtomicInteger();

  /** How many of them are done, and get no answer. */
  public final AtomicInteger cutAfter = new AtomicInteger();

  /** How many of the next looks at a publication get no answer. */
  public final AtomicInteger cutLooks = new AtomicInteger();

  /** How many of the next requests for a version get no answer. */
  public final AtomicInteger cutVersions = new AtomicInteger();

  /** Why publications are refused; null if they are not. */
  public final AtomicReference<StarfireException> refusal = new AtomicReference<>();

  /** Where requests are stopped; null if nowhere. */
  public final AtomicReference<Gate> gate = new AtomicReference<>();

  /**
   * Stops requests of one kind.
   *
   * @param request such as {@code POST /versions}
   * @param done whether they are done before they are stopped; if not, they never are
   * @param arrived counted down when one is stopped
   * @param opened from when on they are answered, or get no answer if they are not done
   */
  public record Gate(String request, boolean done, CountDownLatch arrived, CountDownLatch opened) {
    public Gate(String request, boolean done) {
      this(request, done, new CountDownLatch(1), new CountDownLatch(1));
    }

    private boolean stops(String stopped, boolean isDone) {
      if (!stopped.equals(request) || isDone != done) {
        return false;
      }
      arrived.countDown();
      try {
        boolean unused = opened.await(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return true;
    }
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Integer> looks = new ConcurrentHashMap<>();
  private final HttpServer server;

  public FakeCoordinator() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/starfire/v1/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring("/starfire/v1".length());
    requests.add(exchange.getRequestMethod() + " " + path);
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String request = exchange.getRequestMethod() + " " + path;
    boolean registers = request.equals("POST /publications");
    boolean looks = request.startsWith("GET /publications/");
    boolean asks = request.equals("POST /versions");
    if ((registers && takeOne(cutBefore))
        || (looks && takeOne(cutLooks))
        || (asks && takeOne(cutVersions))) {
      exchange.close();
      return;
    }
    try {
      if (isStopped(request, false)) {
        return;
      }
      Object answer = answer(request, body);
      boolean unused = isStopped(request, true);
      if (!registers || !takeOne(cutAfter)) {
        send(exchange, 200, answer);
      }
    } catch (StarfireException e) {
      send(exchange, e.code().httpStatus(), ErrorResponse.of(e, null));
    } finally {
      exchange.close();
    }
  }

  private boolean isStopped(String request, boolean isDone) {
    Gate closed = gate.get();
    return closed != null && closed.stops(request, isDone);
  }

  private static boolean takeOne(AtomicInteger count) {
    return count.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  private static void send(HttpExchange exchange, int status, Object answer) throws IOException {
    byte[] bytes = Json.write(answer).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private Object answer(String request, String body) {
    if (request.equals("GET /datasources")) {
      return registrations;
    }
    if (request.equals("POST /datasources")) {
      JsonNode registration = tree(body);
      registrations.add(registration);
      return registration;
    }
    if (request.equals("POST /versions")) {
      VersionRequest asked = Json.read(body, VersionRequest.class, "a request");
      versionRequests.add(asked);
      long end = asked.intervals().stream().mapToLong(Interval::endMillis).max().orElseThrow();
      long version = Math.max(end, asked.runStartMillis()) + versionRequests.size();
      return new VersionResponse(Times.format(version));
    }
    if (request.equals("POST /publications")) {
      if (refusal.get() != null) {
        throw refusal.get();
      }
      PublicationRequest publication = Json.read(body, PublicationRequest.class, "a request");
      if (publications.stream().noneMatch(known -> known.id().equals(publication.id()))) {
        publications.add(publication);
      }
      return status(publication.id());
    }
    return status(request.substring(request.lastIndexOf('/') + 1));
  }

  private PublicationStatus status(String id) {
    PublicationRequest request =
        publications.stream()
            .filter(each -> each.id().equals(id))
            .findFirst()
            .orElseThrow(
                () -> new StarfireException(ErrorCode.NOT_FOUND, "no publication '" + id + "'"));
    boolean active = looks.merge(id, 1, Integer::sum) > 2 && !request.hold();
    int segments = request.segments().size();
    return new PublicationStatus(
        id,
        request.dataSources(),
        request.version(),
        request.intervals(),
        active ? State.ACTIVE : State.STAGED,
        false,
        request.hold(),
        "",
        segments,
        active ? segments : 0,
        1,
        active ? 2 : 0,
        active ? 7 : 0,
        0,
        0);
  }

  private static JsonNode tree(String json) {
    return Json.read(json, JsonNode.class, "a request");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
