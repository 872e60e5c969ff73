package io.starfire.batch.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What jobs counted and how long they took. A job that ran for several tiles stands once, with the
 * sums.
 *
 * @param outcomes by operator and name of the outcome
 * @param anomalies by operator and name of the anomaly
 * @param seconds by name of the job, in the order in which they ended
 * @param counters those of Hadoop that tell how a job went, by name of the job
 */
public record JobTotals(
    @JsonProperty("outcomes") Map<String, Map<String, Long>> outcomes,
    @JsonProperty("anomalies") Map<String, Map<String, Long>> anomalies,
    @JsonProperty("seconds") Map<String, Double> seconds,
    @JsonProperty("counters") Map<String, Map<String, Long>> counters) {

  static final JobTotals NONE = new JobTotals(Map.of(), Map.of(), Map.of(), Map.of());

  static JobTotals sum(Collection<JobTotals> all) {
    JobTotals sum =
        new JobTotals(
            new TreeMap<>(), new TreeMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    for (JobTotals each : all) {
      add(each.outcomes, sum.outcomes);
      add(each.anomalies, sum.anomalies);
      each.seconds.forEach((job, took) -> sum.seconds.merge(job, took, Double::sum));
      add(each.counters, sum.counters);
    }
    return sum;
  }

  private static void add(Map<String, Map<String, Long>> from, Map<String, Map<String, Long>> to) {
    from.forEach(
        (name, counts) -> {
          Map<String, Long> sums = to.computeIfAbsent(name, missing -> new LinkedHashMap<>());
          counts.forEach((count, value) -> sums.merge(count, value, Long::sum));
        });
  }
}
