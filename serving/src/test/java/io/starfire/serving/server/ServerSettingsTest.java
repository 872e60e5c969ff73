package io.starfire.serving.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.config.StarfireConfig;
import io.starfire.segment.storage.DeepStorageLocation;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.coordinator.KeptViews;
import io.starfire.serving.realtime.RealtimeSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {
  @Test
  void theDefaultsAreThoseOfTheReferenceConfiguration() {
    ServerSettings settings = ServerSettings.of(StarfireConfig.fromMap(Map.of()));
    assertThat(settings.host()).isEqualTo("127.0.0.1");
    assertThat(settings.port()).isEqualTo(8888);
    assertThat(settings.metadata()).isEmpty();
    assertThat(settings.coordinator().acceptedLoss()).isEqualTo(0.01);
    assertThat(settings.broker().defaultTimeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.realtime().orElseThrow().kafka())
        .containsEntry("bootstrap.servers", "127.0.0.1:9092");
  }

  @Test
  void deepStorageIsWhereTheConfigurationSaysWithThePropertiesOfHadoop() {
    ServerSettings settings =
        ServerSettings.of(
            StarfireConfig.fromMap(
                Map.of(
                    "starfire.deep-storage.root",
                    "hdfs://host/deep",
                    "starfire.hadoop.properties.dfs.replication",
                    "2")));
    assertThat(settings.deepStorage())
        .isEqualTo(new DeepStorageLocation("hdfs://host/deep", Map.of("dfs.replication", "2")));
  }

  @Test
  void howLongQueriesMayGoBackIsConfigured() {
    assertThat(ServerSettings.of(StarfireConfig.fromMap(Map.of())).coordinator())
        .isEqualTo(Coordinator.Settings.DEFAULT);
    assertThat(
            ServerSettings.of(
                    StarfireConfig.fromMap(
                        Map.of(
                            "starfire.server.kept-views",
                            "2",
                            "starfire.server.kept-views-for",
                            "3h")))
                .coordinator()
                .keptViews())
        .isEqualTo(new KeptViews(2, Duration.ofHours(3)));
  }

  @Test
  void whatRealTimeRejectsAndPassesOverIsConfigured() {
    ServerSettings settings =
        ServerSettings.of(
            StarfireConfig.fromMap(
                Map.of(
                    "starfire.realtime.reject-older-than",
                    "1h",
                    "starfire.realtime.dead-letter-topic",
                    "letters",
                    "starfire.realtime.unhealthy-after",
                    "90s",
                    "starfire.realtime.continue-after-data-loss",
                    "true")));
    RealtimeSettings realtime = settings.realtime().orElseThrow();
    assertThat(realtime.rejectOlderThan()).contains(Duration.ofHours(1));
    assertThat(realtime.unhealthyAfter()).isEqualTo(Duration.ofSeconds(90));
    assertThat(realtime.deadLetterTopic()).contains("letters");
    assertThat(realtime.continueAfterDataLoss()).isTrue();
  }
}
