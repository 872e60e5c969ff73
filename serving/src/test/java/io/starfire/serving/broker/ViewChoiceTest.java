package io.starfire.serving.broker;

import static io.starfire.serving.SegmentFiles.hour;
import static io.starfire.serving.SegmentFiles.hours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.protocol.PublicationStatus;
import io.starfire.serving.query.result.ResponseContext;
import io.starfire.serving.role.LocalRows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries that name a staged publication or an earlier view, and rollbacks under queries. */
class ViewChoiceTest {
  @TempDir Path directory;
  private BrokerRig rig;

  @BeforeEach
  void start() throws IOException {
    rig = new BrokerRig(directory, scan -> LocalRows.ofNothing());
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private List<String> at(long view, Interval interval) {
    return rig.answer(interval, "{\"starfireView\":" + view + "}", new ResponseContext());
  }

  private List<String> with(String publication, Interval interval) {
    return rig.answer(
        interval, "{\"starfirePublication\":\"" + publication + "\"}", new ResponseContext());
  }

  private void assertRefused(String context, ErrorCode code, String... messages) {
    assertThatThrownBy(() -> rig.answer(hour(10), context, new ResponseContext()))
        .isInstanceOfSatisfying(StarfireException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(messages);
  }

  @Test
  void aStagedPublicationShowsToWhoNamesItAndToNobodyElse() {
    rig.commit(hour(10), 0, 100, 100);
    rig.commit(hour(11), 100, 150, 50);
    String id = rig.stage(hour(10), 120, 2).id();
    long view = rig.coordinator.view().number();

    assertThat(with(id, hours(10, 12))).containsExactly("120/240", "50/50");
    assertThat(rig.answer(hours(10, 12))).containsExactly("100/100", "50/50");
    assertThat(rig.coordinator.view().number()).isEqualTo(view);
  }

  @Test
  void theViewOfAnAnswerIsToldAndGivesTheSameAgainAfterLaterPublicationsAndARollback() {
    rig.commit(hour(10), 0, 100, 100);
    ResponseContext first = new ResponseContext();
    assertThat(rig.answer(hour(10), "{}", first)).containsExactly("100/100");
    rig.publish(hour(10), 120, 2);
    ResponseContext second = new ResponseContext();
    assertThat(rig.answer(hour(10), "{}", second)).containsExactly("120/240");
    PublicationStatus last = rig.publish(hour(10), 130, 3);
    rig.coordinator.rollBack(last.id(), true);

    long realtime = (Long) first.get(ResponseContext.VIEW).orElseThrow();
    long batch = (Long) second.get(ResponseContext.VIEW).orElseThrow();
    assertThat(at(realtime, hour(10))).containsExactly("100/100");
    assertThat(at(batch, hour(10))).containsExactly("120/240");
    assertThat(at(last.viewNumber(), hour(10))).containsExactly("130/390");
    assertThat(at(last.viewNumber() + 1, hour(10))).containsExactly("120/240");
    assertThat(rig.answer(hour(10))).containsExactly("120/240");
  }

  @Test
  void theResponseContextNamesTheViewAndThePublication() {
    String id = rig.stage(hour(10), 120, 2).id();
    ResponseContext response = new ResponseContext();
    rig.hourly(hour(10), "{\"starfirePublication\":\"" + id + "\"}", response);
    assertThat(response.toJson())
        .isEqualTo(
            "{\"starfirePublication\":\"%s\",\"starfireView\":%d}"
                .formatted(id, rig.coordinator.view().number()));
  }

  /** A commit changes where rows are, not which there are; so an earlier view has them too. */
  @Test
  void anEarlierViewHasTheRealtimeRowsThatCameSince() {
    rig.commit(hour(10), 0, 100, 100);
    long before = rig.coordinator.view().number();
    rig.publish(hour(10), 120, 2);
    rig.commit(hour(10), 100, 107, 7);
    assertThat(at(before, hour(10))).containsExactly("107/107");
    assertThat(rig.answer(hour(10))).containsExactly("120/240");
  }

  @Test
  void earlierViewsAreThereAfterARestart() throws IOException {
    rig.commit(hour(10), 0, 100, 100);
    long before = rig.coordinator.view().number();
    rig.publish(hour(10), 120, 2);
    rig.close();
    rig = new BrokerRig(directory, scan -> LocalRows.ofNothing());
    assertThat(at(before, hour(10))).containsExactly("100/100");
  }

  @Test
  void viewsAndPublicationsThatCannotBeHadAreRefusedWithASentence() {
    rig.commit(hour(10), 0, 100, 100);
    String active = rig.publish(hour(10), 120, 2).id();
    long view = rig.coordinator.view().number();
    assertRefused(
        "{\"starfireView\":" + (view + 1) + "}",
        ErrorCode.INVALID_INPUT,
        "there is no view %d yet; the current one is view %d".formatted(view + 1, view));
    assertRefused(
        "{\"starfirePublication\":\"nope\"}",
        ErrorCode.NOT_FOUND,
        "there is no publication 'nope'");
    assertRefused(
        "{\"starfirePublication\":\"" + active + "\"}",
        ErrorCode.CONFLICT,
        "is active since view " + view,
        "view " + (view - 1) + " is the last one without it");
    rig.coordinator.rollBack(active, true);
    assertRefused(
        "{\"starfirePublication\":\"" + active + "\"}",
        ErrorCode.CONFLICT,
        "was rolled back in view " + (view + 1),
        "view " + view + " is the last one with it");
    String aborted = rig.stage(hour(10), 120, 2).id();
    rig.coordinator.abort(aborted);
    assertRefused(
        "{\"starfirePublication\":\"" + aborted + "\"}", ErrorCode.CONFLICT, "was aborted");
  }

  @Test
  void aViewThatIsNotKeptAnyMoreIsRefusedAndNamesThoseThatAre() {
    rig.commit(hour(10), 0, 100, 100);
    long lost = rig.coordinator.view().number();
    long oldest = rig.publish(hour(10), 120, 2).viewNumber();
    for (int i = 0; i < 5; i++) {
      rig.publish(hour(10), 120, 2);
    }
    long current = rig.coordinator.view().number();
    assertRefused(
        "{\"starfireView\":" + lost + "}",
        ErrorCode.NOT_FOUND,
        "view %d of data source 'ads' is no longer kept; views from %d to %d are"
            .formatted(lost, oldest, current),
        "starfire.server.kept-views");
    assertThat(at(oldest, hour(10))).containsExactly("120/240");
  }

  @Test
  void liveRowsUnderAPublicationShowAgainAndCountWhenItIsRolledBack() throws IOException {
    rig.close();
    FakeChain chain = new FakeChain(hour(10));
    rig = new BrokerRig(directory, chain);
    for (int i = 0; i < 90; i++) {
      chain.add();
    }
    String id = rig.publish(hour(10), 100, 2).id();
    assertThat(rig.answer(hour(10))).containsExactly("100/200");
    assertThatThrownBy(() -> rig.coordinator.rollBack(id, false))
        .hasMessageContaining("would hold 90 events where 100 show now, which is 10.0% less");
    for (int i = 0; i < 6; i++) {
      chain.add();
    }
    rig.coordinator.rollBack(id, false);
    assertThat(rig.answer(hour(10))).containsExactly("96/96");
  }

  /**
   * Publications become active and are rolled back while queries run: no answer is a mix of two
   * views.
   */
  @Test
  void underQueriesARollbackTurnsAtOnceAndNoAnswerIsMixed() throws Exception {
    Interval interval = hours(6, 11);
    Set<String> published = new HashSet<>();
    rig.publish(interval, 50, 1);
    published.add("50/50");
    AtomicInteger answered = new AtomicInteger();
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<List<List<String>>>> askers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        askers.add(threads.submit(() -> ask(interval, answered, done)));
      }
      for (int version = 2; version <= 8; version++) {
        // Some answers before each activation, however slow the machine is.
        int enough = answered.get() + 3;
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> answered.get() >= enough);
        PublicationStatus status = rig.publish(interval, 50, version);
        published.add("50/" + 50 * version);
        assertThat(rig.answer(interval)).containsOnly("50/" + 50 * version);
        rig.coordinator.rollBack(status.id(), false);
        assertThat(rig.answer(interval)).containsOnly("50/50");
      }
      done.set(true);
      for (Future<List<List<String>>> asker : askers) {
        for (List<String> answer : asker.get()) {
          assertThat(answer).hasSize(5);
          assertThat(new HashSet<>(answer)).as("one version in %s", answer).hasSize(1);
          assertThat(published).contains(answer.get(0));
        }
      }
    } finally {
      done.set(true);
      threads.shutdown();
    }
  }

  private List<List<String>> ask(Interval interval, AtomicInteger answered, AtomicBoolean done) {
    List<List<String>> answers = new ArrayList<>();
    while (!done.get()) {
      answers.add(rig.answer(interval));
      answered.incrementAndGet();
    }
    return answers;
  }
}
