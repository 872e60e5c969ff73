package io.starfire.segment.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.Times;
import io.starfire.decoding.JavaValue;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeReaderTest {
  private static final long SEED = Long.getLong("starfire.seed", 20_261_121L);

  private static TimeReader reader(String format) {
    TimestampSpec.Format known = null;
    for (TimestampSpec.Format candidate : TimestampSpec.Format.values()) {
      known = candidate.name().equalsIgnoreCase(format) ? candidate : known;
    }
    return new TimeReader(
        known == null
            ? new TimestampSpec(
                "t",
                TimestampSpec.Format.PATTERN,
                Optional.of(TimePattern.of(format)),
                OptionalLong.empty())
            : new TimestampSpec("t", known, Optional.empty(), OptionalLong.empty()));
  }

  private static long read(String format, String text) {
    return reader(format).read(JavaValue.of(text));
  }

  @ParameterizedTest
  @CsvSource({
    "auto, 1442018818771, 2015-09-12T00:46:58.771Z",
    "auto, 2015-09-12T00:46:58.771Z, 2015-09-12T00:46:58.771Z",
    "auto, 2015-09-12 00:46:58, 2015-09-12T00:46:58.000Z",
    "iso, 2015-09-12, 2015-09-12T00:00:00.000Z",
    "iso, 2015-09-12T00:46, 2015-09-12T00:46:00.000Z",
    "iso, 2015-09-12T00:46:58.771999, 2015-09-12T00:46:58.771Z",
    "iso, 2015-09-12T02:46:58+02:00, 2015-09-12T00:46:58.000Z",
    "iso, 2016-02-29, 2016-02-29T00:00:00.000Z",
    "posix, 1442018818, 2015-09-12T00:46:58.000Z",
    "posix, 1442018818.7719, 2015-09-12T00:46:58.771Z",
    "auto, 2026, 1970-01-01T00:00:02.026Z",
    "millis, 1442018818771, 2015-09-12T00:46:58.771Z",
    "micro, 1442018818771999, 2015-09-12T00:46:58.771Z",
    "nano, 1442018818771999999, 2015-09-12T00:46:58.771Z",
    "yyyy-MM-dd HH:mm:ss, 2015-09-12 00:46:58, 2015-09-12T00:46:58.000Z",
    "MM/dd/yyyy, 9/2/2015, 2015-09-02T00:00:00.000Z",
    "yyyyMMddHHmmss, 20150912004658, 2015-09-12T00:46:58.000Z",
    "yyyyMMddHHmmssSSS, 20150912004658771, 2015-09-12T00:46:58.771Z",
    "dd-MMM-yy hh:mm a, 12-Sep-15 12:46 PM, 2015-09-12T12:46:00.000Z",
    "yyyy-MM-dd'T'HH:mm:ssZ, 2015-09-12T02:46:58+0200, 2015-09-12T00:46:58.000Z",
    "EEE MMM dd HH:mm:ss yyyy, Sat Sep 12 00:46:58 2015, 2015-09-12T00:46:58.000Z"
  })
  void timesAreReadAsTheFormatSays(String format, String text, String expected) {
    assertThat(Times.format(read(format, text))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "iso, 2015-02-29",
    "iso, 2015-13-01",
    "iso, 2015-09-12T24:61:00Z",
    "iso, 1442018818771",
    "auto, soon",
    "posix, 9223372036854775807",
    "millis, 2015-09-12",
    "yyyy-MM-dd, 2015-02-30",
    "yyyy-MM-dd, 12.09.2015"
  })
  void whatIsNoTimeIsRejected(String format, String text) {
    assertThatThrownBy(() -> read(format, text))
        .isInstanceOf(RejectedRecordException.class)
        .hasMessageStartingWith("the time in field 't' must be ");
  }

  @Test
  void everyDayIsRead() {
    Random random = new Random(SEED);
    for (int i = 0; i < 50_000; i++) {
      long millis = (long) (random.nextDouble() * Times.END_MILLIS);
      String text = Times.format(millis);
      assertThat(read("iso", text)).as("%s, seed %d", text, SEED).isEqualTo(millis);
      String date = text.substring(0, 10);
      assertThat(read("auto", date)).as("%s, seed %d", date, SEED).isEqualTo(Times.parse(date));
    }
  }
}
