package io.starfire.event;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.DataSource;
import io.starfire.common.Granularity;
import io.starfire.common.StarfireException;
import org.junit.jupiter.api.Test;

class DataSourceSchemaTest {
  private record Event(String id) {}

  @Test
  void segmentsOverAllOfTimeAreRefusedSinceNoRunCouldReplaceThem() {
    DataSource<Event> events = DataSource.named("events", Event.class);

    assertThatThrownBy(() -> events.segmentGranularity(Granularity.ALL))
        .isInstanceOf(StarfireException.class)
        .hasMessage(
            "data source 'events': segmentGranularity must not be all: only intervals that are over"
                + " can be replaced, and all of time is never over; use year or a finer one");
  }

  @Test
  void rowsCutToAllOfTimeAreRefused() {
    DataSource<Event> events = DataSource.named("events", Event.class);

    assertThatThrownBy(() -> events.queryGranularity(Granularity.ALL))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("queryGranularity all does not divide segmentGranularity hour");
  }
}
