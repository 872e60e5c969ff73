package io.starfire.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.decoding.RawRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ArchiveTest {
  @Test
  void pathsAreTheSameWhateverTheLocaleOfTheMachine() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      assertThat(ArchiveLayout.completeness(17)).contains("/00000000000000000017.");
      assertThat(
              ArchiveLayout.dataFile(
                  "clicks", "Ab", Times.parse("2026-11-20T10:59:59Z"), 3, new OffsetRange(7, 8)))
          .endsWith("/3-00000000000000000007-00000000000000000008.parquet");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void pathsSortByOffset() {
    assertThat(
            ArchiveLayout.dataFile(
                "clicks", "Ab", Times.parse("2026-11-20T10:59:59Z"), 3, new OffsetRange(7, 1_000)))
        .isEqualTo(
            "data/clicks/id-Ab/2026-11-20T10/3-00000000000000000007-00000000000000001000.parquet");
    assertThat(ArchiveLayout.manifestEntry("clicks", "Ab", 3, 7))
        .isEqualTo("manifest/clicks/id-Ab/3/00000000000000000007.json");
    assertThat(ArchiveLayout.completeness(1_234)).isEqualTo("complete/00000000000000001234.json");
    assertThat(ArchiveLayout.numberOf("00000000000000001234.json")).isEqualTo(1_234);
    assertThat(ArchiveLayout.isListed("00000000000000001234.json.tmp")).isFalse();
    assertThatThrownBy(() -> ArchiveLayout.numberOf("x.json"))
        .isInstanceOf(StarfireException.class)
        .hasMessage("'x.json' is not the name of a manifest entry; it must be 20 digits and .json");
  }

  @Test
  void aManifestEntryComesBackFromItsJson() {
    ManifestEntry entry =
        new ManifestEntry(
            "clicks",
            "Ab",
            3,
            7,
            10,
            "f",
            3,
            Map.of("2026-11-20T10:00:00.000Z", 2L),
            1,
            5,
            6,
            8,
            9);
    assertThat(ManifestEntry.fromJson(entry.toJson())).isEqualTo(entry);
  }

  @Test
  void aManifestEntryWhoseCountsDisagreeIsRefused() {
    String json =
        new ManifestEntry("clicks", "Ab", 3, 7, 10, "f", 0, Map.of(), 0, 5, 6, 8, 9)
            .toJson()
            .replace("\"rows\":0", "\"rows\":2");
    assertThatThrownBy(() -> ManifestEntry.fromJson(json))
        .hasMessage(
            "the manifest entry of clicks partition 3 offset 7 counts 0 rows with and 0 without"
                + " event time, but 2 in all");
    assertThatThrownBy(() -> ManifestEntry.fromJson("{\"layout\":2,"))
        .hasMessageStartingWith("a manifest entry cannot be read: Unexpected end-of-input");
  }

  @Test
  void aCompletenessMarkComesBackFromItsJson() {
    Completeness mark =
        new Completeness(
            5,
            Map.of(
                "clicks",
                List.of(
                    new TopicRange(
                        "Ab", Map.of(0, new OffsetRange(2, 12), 10, new OffsetRange(0, 3))))));
    assertThat(Completeness.fromJson(mark.toJson())).isEqualTo(mark);
  }

  @Test
  void filesOfAnOlderLayoutAreRefusedWithASentence() {
    assertThatThrownBy(
            () ->
                Completeness.fromJson(
                    "{\"arrivedUpToMillis\":5,\"endOffsets\":{\"clicks\":{\"0\":12}}}"))
        .hasMessage(
            "a completeness mark is in layout 1 of the archive, which another version of Starfire"
                + " wrote, and this one reads layout 2; begin another archive with"
                + " starfire.archive.root");
    assertThatThrownBy(() -> ArchiveLayout.topicIdOf("clicks", "0"))
        .hasMessageContaining("an older version of Starfire wrote it, in layout 1");
  }

  @Test
  void headersComeBackWithNullAndRepeatedOnes() {
    List<RawRecord.Header> headers =
        List.of(
            new RawRecord.Header("a", "1".getBytes(UTF_8)),
            new RawRecord.Header("ä", null),
            new RawRecord.Header("a", new byte[0]));
    assertThat(ArchivedHeaders.decode(ArchivedHeaders.encode(headers)))
        .usingRecursiveComparison()
        .isEqualTo(headers);
    assertThat(ArchivedHeaders.encode(List.of())).isNull();
    assertThat(ArchivedHeaders.decode(null)).isEmpty();
  }

  @Test
  void brokenHeadersAreRefused() {
    byte[] bytes = ArchivedHeaders.encode(List.of(new RawRecord.Header("a", new byte[2])));
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> ArchivedHeaders.decode(cut)).hasMessageEndingWith("they end early");
    }
    assertThatThrownBy(() -> ArchivedHeaders.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .hasMessageEndingWith("1 follow after the last header");
  }

  @Test
  void aRangeOfOffsetsSaysItsEndsAndWhatIsWrongWithIt() {
    assertThat(new OffsetRange(3, 8)).hasToString("offsets 3 to 7");
    assertThat(new OffsetRange(3, 3)).hasToString("no offset from 3 on");
    assertThatThrownBy(() -> new OffsetRange(3, 2))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
        .hasMessageEndingWith("got 3 to 2");
    assertThatThrownBy(() -> new OffsetRange(-1, 2)).hasMessageEndingWith("got -1 to 2");
  }
}
