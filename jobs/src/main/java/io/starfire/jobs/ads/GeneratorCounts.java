package io.starfire.jobs.ads;

/**
 * What a generator has produced so far. Impressions and clicks are all records of the two sources,
 * odd ones included, and add up to {@code generated}; the others overlap.
 *
 * @param generated records in all
 * @param impressions records of the source of impressions
 * @param clicks records of the source of clicks
 * @param duplicates exact copies of earlier records
 * @param late records below the highest event time that arrived before, less the lateness
 * @param undecodable records that are no impression and no click
 * @param nullKey records without impression id
 * @param badTime records whose event time is missing, in 1969 or in 2090
 */
public record GeneratorCounts(
    long generated,
    long impressions,
    long clicks,
    long duplicates,
    long late,
    long undecodable,
    long nullKey,
    long badTime) {
  static final GeneratorCounts ZERO = new GeneratorCounts(0, 0, 0, 0, 0, 0, 0, 0);

  GeneratorCounts plus(GeneratedRecord record) {
    boolean impression = record.source().equals(AdEvents.IMPRESSIONS);
    return new GeneratorCounts(
        generated + 1,
        impressions + (impression ? 1 : 0),
        clicks + (impression ? 0 : 1),
        duplicates + one(record, GeneratedRecord.Trait.DUPLICATE),
        late + one(record, GeneratedRecord.Trait.LATE),
        undecodable + one(record, GeneratedRecord.Trait.UNDECODABLE),
        nullKey + one(record, GeneratedRecord.Trait.NULL_KEY),
        badTime + one(record, GeneratedRecord.Trait.BAD_TIME));
  }

  private static int one(GeneratedRecord record, GeneratedRecord.Trait trait) {
    return record.traits().contains(trait) ? 1 : 0;
  }
}
