package io.starfire.serving.timeline;

import static java.util.stream.Collectors.joining;

import io.starfire.common.Interval;
import io.starfire.common.Times;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Short notation for timelines within one month: {@code [1,10)v2=b} is version 2 with payload b
 * from day 1 to day 10; {@code 2T18} is an hour of day 2; a full date may stand for a day.
 */
record Month(String yearAndMonth) {
  static final Month APRIL = new Month("2011-04");
  static final Month MAY = new Month("2011-05");
  static final Month OCTOBER = new Month("2011-10");

  private static final Pattern ENTRY = Pattern.compile("(\\[[^)]*\\))v([0-9]+)=(.+)");

  /** A timeline with these entries, added one by one in this order, each complete in itself. */
  VersionedIntervalTimeline<String> timeline(String... entries) {
    VersionedIntervalTimeline<String> timeline = new VersionedIntervalTimeline<>();
    add(timeline, entries);
    return timeline;
  }

  void add(VersionedIntervalTimeline<String> timeline, String... entries) {
    for (String entry : entries) {
      Matcher matcher = match(entry);
      add(timeline, entry, new NumberedChunk<>(0, 1, matcher.group(3)));
    }
  }

  void add(VersionedIntervalTimeline<String> timeline, String entry, PartitionChunk<String> chunk) {
    Matcher matcher = match(entry.contains("=") ? entry : entry + "=" + chunk.object());
    timeline.add(interval(matcher.group(1)), matcher.group(2), chunk);
  }

  /** Removes the self-complete chunk; the payload in the notation is of no interest. */
  String remove(VersionedIntervalTimeline<String> timeline, String entry) {
    return remove(timeline, entry, new NumberedChunk<>(0, 1, "removed"));
  }

  String remove(
      VersionedIntervalTimeline<String> timeline, String entry, PartitionChunk<String> chunk) {
    Matcher matcher = match(entry.contains("=") ? entry : entry + "=?");
    return timeline
        .remove(interval(matcher.group(1)), matcher.group(2), chunk)
        .map(PartitionChunk::object)
        .orElse(null);
  }

  List<String> lookup(VersionedIntervalTimeline<String> timeline, String interval) {
    return timeline.lookup(interval(interval)).stream().map(this::text).toList();
  }

  List<String> lookupWithIncomplete(VersionedIntervalTimeline<String> timeline, String interval) {
    return timeline.lookupWithIncompletePartitions(interval(interval)).stream()
        .map(this::text)
        .toList();
  }

  Set<String> overshadowed(VersionedIntervalTimeline<String> timeline) {
    Set<String> texts = new TreeSet<>();
    timeline.findFullyOvershadowed().forEach(object -> texts.add(text(object)));
    return texts;
  }

  List<String> visibleParts(
      VersionedIntervalTimeline<String> timeline, String interval, String version) {
    return timeline.visibleParts(interval(interval), version).stream().map(this::text).toList();
  }

  boolean isOvershadowed(
      VersionedIntervalTimeline<String> timeline, String interval, String version) {
    return timeline.isOvershadowed(interval(interval), version);
  }

  String find(
      VersionedIntervalTimeline<String> timeline, String interval, String version, int number) {
    return timeline
        .findChunk(interval(interval), version, number)
        .map(PartitionChunk::object)
        .orElse(null);
  }

  Interval interval(String text) {
    String[] ends = text.substring(1, text.length() - 1).split(",", -1);
    return new Interval(millis(ends[0]), millis(ends[1]));
  }

  private Matcher match(String entry) {
    Matcher matcher = ENTRY.matcher(entry);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not an entry: " + entry);
    }
    return matcher;
  }

  private long millis(String text) {
    if (text.contains("-")) {
      return Times.parse(text);
    }
    int hourAt = text.indexOf('T');
    String day = hourAt < 0 ? text : text.substring(0, hourAt);
    String padded = (day.length() == 1 ? "0" : "") + day;
    return Times.parse(yearAndMonth + "-" + padded + (hourAt < 0 ? "" : text.substring(hourAt)));
  }

  private String text(TimelineObject<String> object) {
    return text(object.interval())
        + "v"
        + object.version()
        + "="
        + object.objects().stream().collect(joining("+"));
  }

  private String text(Interval interval) {
    return "[" + text(interval.startMillis()) + "," + text(interval.endMillis()) + ")";
  }

  private String text(long millis) {
    String iso = Times.format(millis);
    if (!iso.startsWith(yearAndMonth)) {
      return iso.substring(0, 10);
    }
    String hour = iso.substring(11, 13);
    return Integer.parseInt(iso.substring(8, 10)) + (hour.equals("00") ? "" : "T" + hour);
  }
}
