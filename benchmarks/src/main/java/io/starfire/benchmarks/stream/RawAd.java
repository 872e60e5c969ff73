package io.starfire.benchmarks.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the peers make of a raw record: every field is read, as a decoder has to. They keep the
 * record's own bytes, so that a result is these bytes with one more field; no peer has to encode an
 * event. That is the least that a program could do, and it is to the peers' advantage.
 *
 * @param id of the impression
 * @param timeMillis event time
 * @param advertiser null in a click
 * @param publisher null in a click
 * @param city null in a click
 * @param price 0 in a click
 * @param clicks of a result; -1 in a raw record
 */
public record RawAd(
    String id,
    long timeMillis,
    String advertiser,
    String publisher,
    String city,
    double price,
    int clicks) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] CLICKS = ",\"clicks\":".getBytes(StandardCharsets.UTF_8);

  /** Reads a raw record of either topic, or a result. */
  public static RawAd parse(byte[] json) {
    String id = null;
    long timeMillis = -1;
    String advertiser = null;
    String publisher = null;
    String city = null;
    double price = 0;
    int clicks = -1;
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "impressionId" -> id = parser.getText();
          case "servedAt", "clickedAt" -> timeMillis = time(parser.getText());
          case "advertiserId" -> advertiser = parser.getText();
          case "publisher" -> publisher = parser.getText();
          case "city" -> city = parser.getText();
          case "price" -> price = parser.getDoubleValue();
          case "clicks" -> clicks = parser.getIntValue();
          default -> parser.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new RawAd(id, timeMillis, advertiser, publisher, city, price, clicks);
  }

  /** The result of an impression: its JSON with the number of its clicks. */
  public static byte[] result(byte[] impression, int clicks) {
    byte[] number = Integer.toString(clicks).getBytes(StandardCharsets.UTF_8);
    int kept = impression.length - 1;
    byte[] result = Arrays.copyOf(impression, kept + CLICKS.length + number.length + 1);
    System.arraycopy(CLICKS, 0, result, kept, CLICKS.length);
    System.arraycopy(number, 0, result, kept + CLICKS.length, number.length);
    result[result.length - 1] = '}';
    return result;
  }

  /**
   * The milliseconds of a time of the form {@code 2025-01-10T00:00:00.000Z}; the parser of the
   * platform would cost the peers more than all else. Days are counted as in Howard Hinnant's
   * "chrono-compatible low-level date algorithms".
   */
  private static long time(String text) {
    int month = number(text, 5, 7);
    int year = number(text, 0, 4) - (month <= 2 ? 1 : 0);
    int era = year / 400;
    int yearOfEra = year - era * 400;
    int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + number(text, 8, 10) - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    long days = era * 146_097L + dayOfEra - 719_468;
    long minutes = (days * 24 + number(text, 11, 13)) * 60 + number(text, 14, 16);
    return minutes * 60_000 + number(text, 17, 19) * 1_000L + number(text, 20, 23);
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }
}
