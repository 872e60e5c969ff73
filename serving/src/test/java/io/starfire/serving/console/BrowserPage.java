package io.starfire.serving.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.serving.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A page of a {@link Browser}: goes to addresses, types, and runs small scripts in it. Notes every
 * error that the page's console shows. Used by one thread.
 */
final class BrowserPage implements WebSocket.Listener {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int SECONDS = 20;

  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final StringBuilder message = new StringBuilder();
  private WebSocket socket;

  private BrowserPage() {}

  static BrowserPage connect(HttpClient client, URI address) {
    BrowserPage page = new BrowserPage();
    page.socket = client.newWebSocketBuilder().buildAsync(address, page).join();
    for (String domain : List.of("Page", "Runtime", "Log")) {
      page.ask(domain + ".enable", Map.of());
    }
    // Only one page at a time has the focus, unless each believes that it has.
    page.ask("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
    return page;
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    message.append(part);
    if (last) {
      String whole = message.toString();
      message.setLength(0);
      take(whole);
    }
    from.request(1);
    return null;
  }

  private void take(String text) {
    JsonNode json = tree(text);
    if (json.has("id")) {
      asked.remove(json.path("id").asInt()).complete(json);
      return;
    }
    JsonNode parameters = json.path("params");
    switch (json.path("method").asText()) {
      case "Runtime.exceptionThrown" ->
          errors.add(parameters.path("exceptionDetails").path("exception").toString());
      case "Log.entryAdded" -> {
        if (parameters.path("entry").path("level").asText().equals("error")) {
          errors.add(parameters.path("entry").toString());
        }
      }
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "assert").contains(parameters.path("type").asText())) {
          errors.add(parameters.path("args").toString());
        }
      }
      default -> {}
    }
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  private JsonNode ask(String method, Map<String, ?> parameters) {
    int id = ids.incrementAndGet();
    ObjectNode request = JSON.createObjectNode().put("id", id).put("method", method);
    request.set("params", JSON.valueToTree(parameters));
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    socket.sendText(request.toString(), true).join();
    try {
      JsonNode json = answer.get(SECONDS, TimeUnit.SECONDS);
      if (json.has("error")) {
        throw new AssertionError(method + ": " + json.path("error"));
      }
      return json.path("result");
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(method, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(method, e);
    }
  }

  /** Goes to an address. */
  void open(String address) {
    ask("Page.navigate", Map.of("url", address));
  }

  /** The value of an expression, in JSON; waits if it is a promise. */
  JsonNode value(String expression) {
    JsonNode result =
        ask(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /** Waits until an expression is true. */
  void await(String expression) {
    try {
      Waiting.await(expression, () -> value("Boolean(%s)".formatted(expression)).asBoolean());
    } catch (RuntimeException e) {
      throw new AssertionError(
          "not true: %s; errors: %s; the page says: %s".formatted(expression, errors, text()), e);
    }
  }

  /** Waits until the page says something. */
  void awaitText(String said) {
    await("document.body.innerText.includes(%s)".formatted(quoted(said)));
  }

  /** What the page says. */
  String text() {
    return value("document.body.innerText").asText();
  }

  /** Waits for a button or link of exactly this text, and clicks it. */
  void click(String text) {
    String found =
        "[...document.querySelectorAll('button, a')].filter(each => !each.disabled).find(each => each.innerText.trim() === %s)"
            .formatted(quoted(text));
    await(found);
    value(found + ".click()");
  }

  /** Types text where the focus is, as a person does who pastes it. */
  void type(String text) {
    ask("Input.insertText", Map.of("text", text));
  }

  /**
   * Presses a key.
   *
   * @param modifiers 1 for Alt, 2 for Control, 4 for Meta, 8 for Shift, added up
   */
  void press(String key, int modifiers) {
    for (String type : List.of("rawKeyDown", "keyUp")) {
      ask(
          "Input.dispatchKeyEvent",
          Map.of("type", type, "key", key, "code", key, "modifiers", modifiers));
    }
  }

  /** Shows the page as if its window had this size, in a light or dark system. */
  void look(int width, int height, boolean dark) {
    ask(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    ask(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Writes a picture of the page. */
  void picture(Path file) throws IOException {
    String png = ask("Page.captureScreenshot", Map.of("format", "png")).path("data").asText();
    Files.write(file, Base64.getDecoder().decode(png));
  }

  /** Every error of the page's console so far. */
  List<String> errors() {
    return List.copyOf(errors);
  }

  /** Forgets what the browser notes of its own when an answer is an error. */
  void forgetFailedRequests() {
    errors.removeIf(error -> error.contains("Failed to load resource"));
  }

  static String quoted(String text) {
    return JSON.valueToTree(text).toString();
  }
}
