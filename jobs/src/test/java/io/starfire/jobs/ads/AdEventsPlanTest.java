package io.starfire.jobs.ads;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Interval;
import io.starfire.plan.Explain;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import io.starfire.plan.TopicNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdEventsPlanTest {
  private final Plan plan =
      Planner.plan(AdEvents.class.getName(), AdEventsPlanTest.class.getClassLoader());

  @Test
  void explainSaysWhatTheStreamDriverWillDo() throws IOException {
    Grants grants = Grants.limited(plan, Duration.ofMinutes(15), Map.of());
    String applicationId = TopicNames.applicationId("starfire", plan);
    assertThat(Explain.stream(plan, grants, Duration.ofMinutes(5), applicationId))
        .isEqualTo(golden("ad-events-stream.explain"));
  }

  @Test
  void explainSaysWhatTheBatchDriverWillDo() throws IOException {
    assertThat(Explain.batch(plan, Interval.parse("2026-11-20T10/PT5H")))
        .isEqualTo(golden("ad-events-batch.explain"));
  }

  @Test
  void theFingerprintIsThatOfTheGoldenFilesEveryTime() throws IOException {
    assertThat(golden("ad-events-batch.explain"))
        .startsWith(
            "pipeline io.starfire.jobs.ads.AdEvents, driver batch, fingerprint "
                + Planner.plan(new AdEvents()).fingerprint()
                + "\n");
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = AdEventsPlanTest.class.getResourceAsStream(name)) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
