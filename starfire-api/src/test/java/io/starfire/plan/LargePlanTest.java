package io.starfire.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.api.DataSource;
import io.starfire.api.Enhance;
import io.starfire.api.Flow;
import io.starfire.api.Stream;
import io.starfire.api.Tumbling;
import io.starfire.event.Row;
import io.starfire.event.RowSchema;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LargePlanTest {
  private static final RowSchema ORDERS = RowSchema.parse("orders", "id string, at instant");

  /** Ten groups in a row, and before each of them nine operators without a state. */
  private static void define(Flow flow) {
    Stream<Row> stream =
        flow.source("orders", ORDERS)
            .eventTime(ORDERS.field("at", java.time.Instant.class))
            .withoutIdentity();
    for (int i = 0; i < 10; i++) {
      for (int j = 0; j < 9; j++) {
        stream = stream.enhance(Enhance.steps().trim("id"));
      }
      stream =
          stream
              .union(stream)
              .groupBy("group" + i, String.class, row -> row.string("id"))
              .tumbling(Tumbling.every(Duration.ofMinutes(1)))
              .collect(ORDERS, (key, window, rows) -> rows.get(0));
    }
    stream.to(DataSource.named("orders", ORDERS).dimensions("id").count("orders"));
  }

  @Test
  void aPlanOfAHundredOperatorsIsExplainedAtOnce() {
    long before = System.nanoTime();
    Plan plan = Planner.plan(LargePlanTest::define);
    String text = Explain.stream(plan, Grants.asked(plan), Duration.ZERO, "app");
    long millis = (System.nanoTime() - before) / 1_000_000;
    System.out.println(plan.nodes().size() + " operators are explained in " + millis + " ms");
    assertThat(text.lines().filter(line -> line.contains("enhance-"))).hasSizeGreaterThan(89);
    // Far above what it takes, so that a loaded machine does not fail it; a walk along every way
    // through the plan would take longer than the universe is old.
    assertThat(millis).isLessThan(10_000);
  }
}
