package io.starfire.serving.console;

import static io.starfire.serving.SegmentFiles.hours;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.serving.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real browser, on a real server. */
class ConsoleTest {
  /** Waits until nothing of the view is still asked for. */
  private static final String SETTLED =
      "document.querySelector('main h1') && !document.querySelector('[aria-busy=true]')";

  @TempDir private static Path directory;
  private static Browser browser;
  private static ConsoleServer server;
  private BrowserPage page;

  @BeforeAll
  static void start() throws IOException {
    browser = Browser.start(directory);
    server = new ConsoleServer(directory);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (server != null) {
      server.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void openPage() throws IOException, InterruptedException {
    page = browser.page();
  }

  @AfterEach
  void noErrorInTheBrowsersConsole() {
    assertThat(page.errors()).isEmpty();
  }

  private void open(String view) {
    page.open(server.address() + "/#/" + view);
    page.await(SETTLED);
  }

  @Test
  void eachViewIsReachedByTheNavigationAndLoads() throws IOException {
    open("overview");
    JsonNode links =
        page.value("[...document.querySelectorAll('nav a')].map(each => each.innerText.trim())");
    assertThat(links).hasSizeGreaterThanOrEqualTo(4);
    for (JsonNode link : links) {
      page.click(link.asText());
      page.await("document.title.startsWith(%s)".formatted(BrowserPage.quoted(link.asText())));
      page.await(SETTLED);
      assertThat(page.value("document.querySelectorAll('.notice.bad').length").asInt())
          .as(page.text())
          .isZero();
      picture(link.asText());
    }
  }

  /** For people who want to see what the test sees: {@code -Dstarfire.pictures=DIRECTORY}. */
  private void picture(String name) throws IOException {
    String wanted = System.getProperty("starfire.pictures");
    if (wanted != null) {
      Path pictures = Files.createDirectories(Path.of(wanted));
      for (boolean dark : List.of(false, true)) {
        for (int width : List.of(1280, 420)) {
          page.look(width, 900, dark);
          page.picture(pictures.resolve("%s-%d-%s.png".formatted(name, width, dark)));
        }
      }
      page.look(1280, 900, false);
    }
  }

  @Test
  void theOverviewAndTheDataSourcesSayWhatTheServerHolds() {
    open("overview");
    page.awaitText("Data sources");
    page.awaitText("coordinator-duties");
    open("data-sources");
    page.click("ads");
    page.awaitText("publisher");
    page.awaitText("long sum");
    page.awaitText("Hidden segments");
  }

  @Test
  void theTimelineShowsVersionsOverEachOtherAndIsWalkedThroughByKeys() {
    open("timeline/ads");
    assertThat(
            page.value(
                    "[...document.querySelectorAll('.piece')].map(each =>"
                        + " each.className.slice(6)).sort()")
                .toString())
        .contains("batch shown", "batch hidden");
    page.value("document.querySelector('.piece.hidden').focus()");
    page.awaitText("Hidden by a higher version");
    page.press("ArrowUp", 0);
    page.await("document.activeElement.matches('.piece.shown')");
    page.awaitText("Queries see it");
    page.press("ArrowDown", 0);
    page.press("ArrowRight", 0);
    page.await("document.activeElement.getAttribute('aria-label').includes('12:00 – 13:00')");
  }

  @Test
  void aPublicationIsPreviewedAndActivated() throws IOException {
    String id = server.publish(hours(12, 13), 50, 5, true);
    open("overview");
    page.awaitText("A publication of ads waits for you");
    open("timeline/ads");
    page.await("document.querySelector('.piece.staged')");
    page.click("Preview");
    page.awaitText("1 of 1 bucket would change");
    page.awaitText("clicks +100 (+66.7 %)");
    picture("Preview");
    page.click("Activate");
    page.await("document.querySelector('dialog').open");
    picture("Dialog");
    page.value("document.querySelector('dialog button.primary').click()");
    Waiting.await(
        "the publication to be active",
        () -> server.client().get("/starfire/v1/publications/" + id).path("state").asText(),
        "ACTIVE"::equals);
    page.await("!document.querySelector('dialog') && !document.querySelector('.piece.staged')");
  }

  @Test
  void aLossIsSaidAndAcceptedAndARollbackIsConfirmed() {
    String id = server.publish(hours(13, 14), 3, 5, true);
    open("timeline/ads");
    page.click("Activate");
    page.value("document.querySelector('dialog button.primary').click()");
    page.awaitText("less and more than the 5.0% that is accepted");
    page.value("document.querySelector('dialog input[type=checkbox]').click()");
    page.value("document.querySelector('dialog button.primary').click()");
    page.await("!document.querySelector('dialog')");
    assertThat(server.client().get("/starfire/v1/publications/" + id).path("state").asText())
        .isEqualTo("ACTIVE");
    // Until the page knows it, the first that can be rolled back is another one.
    page.awaitText("active 2026-11-20 13:00");
    page.click("Roll back");
    page.awaitText("A rollback cannot be undone");
    page.value("document.querySelector('dialog button.danger').click()");
    page.await("!document.querySelector('dialog')");
    page.awaitText("rolled back");
    assertThat(server.client().get("/starfire/v1/publications/" + id).path("state").asText())
        .isEqualTo("ROLLED_BACK");
  }

  private void write(String query) {
    page.value("document.querySelector('textarea').select()");
    page.type(query);
  }

  @Test
  void aQueryIsTypedAndAnsweredWithAllDigitsAndDrawn() throws IOException {
    open("query");
    page.await("document.querySelector('textarea').value.includes('ads')");
    write(
        """
        {"queryType":"timeseries","dataSource":"ads","granularity":"hour","intervals":["2026-11-20T10/PT7H"],
         "aggregations":[{"type":"longSum","name":"clicks","fieldName":"clicks"}]}\
        """);
    page.value("document.querySelector('textarea').focus()");
    page.press("Enter", 2);
    page.awaitText("2026-11-20T10:00:00.000Z");
    assertThat(page.text()).contains(String.valueOf(ConsoleServer.CLICKS));
    page.click("Chart");
    page.await("document.querySelector('.plot .line')");
    picture("Chart");
    assertThat(
            page.value(
                    """
                    import('/console/lib/json.js').then(json => json.stringify(json.parse('[-9223372036854775808, 1.5e3, "12345678901234567890"]')))\
                    """)
                .asText())
        .isEqualTo("[-9223372036854775808,1500,\"12345678901234567890\"]");
    page.value("location.reload()");
    page.await("document.querySelector('textarea')?.value.includes('timeseries')");
  }

  @Test
  void sqlIsTypedAnsweredDrawnAndExplained() throws IOException {
    open("query");
    page.await("document.querySelector('textarea').value.includes('ads')");
    write("SELECT TIME_FL");
    page.awaitText("TIME_FLOOR");
    write("SELECT publisher, SUM(clicks) AS total FROM ads GROUP BY publisher ORDER BY 2 DESC");
    page.click("Run");
    page.awaitText("rows in");
    page.awaitText(String.valueOf(ConsoleServer.CLICKS).substring(0, 15));
    page.click("Chart");
    page.await("document.querySelectorAll('.plot rect').length === 3");
    picture("SQL");
    page.click("Explain");
    page.awaitText("groupBy");
    picture("Plan");
    write("SELECT nothing FROM ads");
    page.click("Run");
    page.await("document.querySelector('.notice.bad')?.innerText.includes('nothing')");
    page.forgetFailedRequests();
  }

  @Test
  void aSampleBecomesASpecStepByStep() throws IOException {
    open("load-data");
    page.value("document.querySelector('textarea.sample').focus()");
    page.type(
        """
        {"at":1795879523341,"publisher":"p1","clicks":3}
        {"at":1795879523342,"publisher":"p2","clicks":4}\
        """);
    page.awaitText("2 records, 3 columns");
    page.awaitText("Name a broker and a topic");
    page.value("document.querySelector('input[type=checkbox]').click()");
    page.await(
        "JSON.parse(document.querySelector('pre').innerText).spec.dataSchema.granularitySpec.rollup");
    JsonNode schema =
        page.value("JSON.parse(document.querySelector('pre').innerText).spec.dataSchema");
    assertThat(schema.path("timestampSpec").toString())
        .isEqualTo("{\"column\":\"at\",\"format\":\"millis\"}");
    assertThat(schema.path("dimensionsSpec").findValuesAsText("name")).containsExactly("publisher");
    assertThat(schema.path("metricsSpec").findValuesAsText("type"))
        .containsExactly("count", "longSum");
    picture("Sample");
  }

  @Test
  void namesAreOfferedAndMistakesAreSaid() {
    open("query");
    page.await("document.querySelector('textarea').value.includes('ads')");
    write("{\"queryType\": \"scan\", \"dataSource\": \"ads\", \"columns\": [\"pub");
    page.awaitText("string, ads");
    page.press("Tab", 0);
    page.await("document.querySelector('textarea').value.endsWith('publisher')");
    page.click("Run");
    page.awaitText("is not expected in line 1");
    write("{\"queryType\": \"none\", \"dataSource\": \"ads\"}");
    page.click("Run");
    page.await("document.querySelector('.notice.bad')?.innerText.includes('timeseries')");
    // The browser itself notes that an answer was an error; that is no error of the console.
    page.forgetFailedRequests();
  }
}
