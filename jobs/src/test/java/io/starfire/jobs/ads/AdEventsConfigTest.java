package io.starfire.jobs.ads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.EventDecoder;
import io.starfire.event.LookupSettings;
import io.starfire.event.LookupTable;
import io.starfire.event.SourceSettings;
import io.starfire.jobs.ads.GeneratedRecord.Trait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The shipped configuration fits the pipeline and what the generator writes. */
class AdEventsConfigTest {
  private static final Path CONF = Path.of("..", "conf");

  private final StarfireConfig config =
      StarfireConfig.load(CONF.resolve("ad-events.conf"), Map.of());

  @Test
  void whatTheGeneratorWritesIsReadBackAsWhatItMeant() {
    Map<String, EventDecoder<? extends Record>> decoders =
        Map.of(
            AdEvents.IMPRESSIONS,
            EventDecoder.of(SourceSettings.from(config, AdEvents.IMPRESSIONS), Impression.class),
            AdEvents.CLICKS,
            EventDecoder.of(SourceSettings.from(config, AdEvents.CLICKS), Click.class));
    AdEventsGenerator generator =
        new AdEventsGenerator(
            AdEventsGenerator.Settings.of(42, Instant.parse("2026-11-20T10:00:00Z")));
    for (int i = 0; i < 20_000; i++) {
      GeneratedRecord record = generator.next();
      EventDecoder<? extends Record> decoder = decoders.get(record.source());
      if (record.traits().contains(Trait.UNDECODABLE)) {
        assertThatThrownBy(() -> decoder.decode(record.value()))
            .isInstanceOfSatisfying(
                StarfireException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT));
      } else {
        assertThat(decoder.decode(record.value())).isEqualTo(record.event().orElseThrow());
      }
    }
  }

  @Test
  void theShippedAdvertisersAreThoseOfTheGenerator() throws IOException {
    LookupSettings settings = LookupSettings.from(config, AdEvents.ADVERTISERS);
    assertThat(settings.file()).endsWith("conf/advertisers.csv");
    String shipped = Files.readString(CONF.resolve("advertisers.csv"));
    assertThat(shipped).isEqualTo(AdEventsGenerator.advertisersCsv());
    LookupTable<String, Advertiser> table =
        LookupTable.loadCsv(
            AdEvents.ADVERTISERS,
            shipped.getBytes(StandardCharsets.UTF_8),
            String.class,
            Advertiser.class,
            settings.keyColumn());
    assertThat(AdvertiserTable.listed())
        .allSatisfy((id, advertiser) -> assertThat(table.get(id)).contains(advertiser))
        .hasSize(table.size());
  }

  @Test
  void theStreamIsGrantedWhatThePipelineAccepts() {
    assertThat(config.duration("starfire.stream.lateness")).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.string("starfire.stream.grants.clicked")).isEqualTo("15m");
  }
}
