package io.starfire.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Stream;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogCodecTest {
  @Test
  void aStageOfMoreInputsThanARecordHasRoomForIsRefused() {
    assertThatCode(() -> LogCodec.check(groupOf(256))).doesNotThrowAnyException();
    assertThatThrownBy(() -> LogCodec.check(groupOf(257)))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PIPELINE))
        .hasMessage(
            "stage 'all' has 257 inputs, and a stream can have 256 at most; make several pipelines"
                + " of it");
  }

  private static Plan groupOf(int sources) {
    return Planner.plan(
        flow -> {
          Stream<Ads.Click> all = source(flow, 0);
          for (int i = 1; i < sources; i++) {
            all = all.union(source(flow, i));
          }
          all.groupBy("all", String.class, Ads.Click::id)
              .tumbling(Duration.ofMinutes(1))
              .collect(Ads.Click.class, (id, window, clicks) -> clicks.get(0))
              .to(DataSource.named("clicks", Ads.Click.class).dimensions("id"));
        });
  }

  private static Stream<Ads.Click> source(Flow flow, int number) {
    return flow.source("clicks" + number, Ads.Click.class)
        .eventTime(Ads.Click::at)
        .withoutIdentity();
  }
}
