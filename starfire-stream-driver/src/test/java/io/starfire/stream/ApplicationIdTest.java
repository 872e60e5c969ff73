package io.starfire.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Tumbling;
import io.starfire.config.StarfireConfig;
import io.starfire.event.Row;
import io.starfire.event.RowSchema;
import io.starfire.event.RowSchemas;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * An application whose state looks another way has another name, and so begins with empty state.
 */
class ApplicationIdTest {
  private static final String FIELDS = "id string, at instant";

  @Test
  void aSchemaOfRowsThatChangedInTheConfigurationIsAnotherState() {
    String id = id(FIELDS, "key string");
    assertThat(id(FIELDS, "key string")).isEqualTo(id);
    assertThat(id(FIELDS + ", more string?", "key string")).isNotEqualTo(id);
    assertThat(id("at instant, id string", "key string")).isNotEqualTo(id);
    assertThat(id("id string?, at instant", "key string")).isNotEqualTo(id);
  }

  @Test
  void anotherTypeOfTheKeysOfAGroupIsAnotherState() {
    assertThat(id(FIELDS, "key string, more long?")).isNotEqualTo(id(FIELDS, "key string"));
  }

  private static String id(String fields, String keyFields) {
    StarfireConfig config =
        StarfireConfig.fromMap(Map.of("starfire.schemas.orders.fields", fields));
    RowSchema keys = RowSchema.parse("keys", keyFields);
    Plan plan = Planner.plan(flow -> define(flow, keys), RowSchemas.of(config));
    return ApplicationId.of(plan, Grants.asked(plan), StreamSettings.from(config), 1);
  }

  private static void define(Flow flow, RowSchema keys) {
    RowSchema orders = flow.schema("orders");
    flow.source("orders", orders)
        .eventTime(row -> row.instant("at"))
        .withoutIdentity()
        .groupBy("by-id", keys, row -> keys.row().set("key", row.string("id")).build())
        .tumbling(Tumbling.every(Duration.ofMinutes(1)))
        .collect(
            RowSchema.parse("counts", "at instant"),
            (key, window, rows) -> count(Instant.ofEpochMilli(window.startMillis())))
        .to(
            DataSource.named("counts", RowSchema.parse("counts", "at instant"))
                .dimensions("at")
                .count("count"));
  }

  private static Row count(Instant at) {
    return RowSchema.parse("counts", "at instant").row().set("at", at).build();
  }
}
