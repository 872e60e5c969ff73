package io.starfire.serving.query.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryContextTest {
  private static void assertRefused(Map<String, Object> values, String message) {
    assertThatThrownBy(() -> new QueryContext(values)).hasMessage(message);
  }

  @Test
  void aViewOrAPublicationMayBeNamed() {
    assertThat(new QueryContext(Map.of("starfireView", 17)).starfireView()).hasValue(17);
    assertThat(new QueryContext(Map.of("starfireView", "17")).starfireView()).hasValue(17);
    assertThat(new QueryContext(Map.of("starfirePublication", "p1")).starfirePublication())
        .contains("p1");
    assertThat(QueryContext.EMPTY.starfireView()).isEmpty();
    assertThat(QueryContext.EMPTY.starfirePublication()).isEmpty();
  }

  @Test
  void wrongValuesAreRefused() {
    assertRefused(
        Map.of("starfireView", -1), "context.starfireView must be the number of a view, got '-1'");
    assertRefused(
        Map.of("starfireView", 1.5),
        "context.starfireView must be the number of a view, got '1.5'");
    assertRefused(
        Map.of("starfirePublication", 17),
        "context.starfirePublication must be the id of a staged publication, got '17'");
    assertRefused(
        Map.of("starfirePublication", " "),
        "context.starfirePublication must be the id of a staged publication, got ' '");
    assertRefused(
        Map.of("starfirePublication", "p1", "starfireView", 17),
        "context.starfireView and context.starfirePublication exclude each other; name one of view"
            + " 17 and publication 'p1'");
  }

  /** Who asks for an earlier view must not be answered from the current one. */
  @Test
  void aMisspeltNameOfOursIsNotIgnored() {
    assertRefused(
        Map.of("starfireview", 17),
        "context.starfireview is not known; what begins with starfire is one of"
            + " starfirePublication, starfireView");
  }
}
