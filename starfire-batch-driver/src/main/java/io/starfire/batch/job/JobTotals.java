package io.starfire.batch.job;

import java.util.Map;

/**
 * What jobs counted and how long they took.
 *
 * @param outcomes by operator and name of the outcome
 * @param anomalies by operator and name of the anomaly
 * @param seconds by name of the job, in the order in which they ran
 * @param counters those of Hadoop that tell how a job went, by name of the job
 */
public record JobTotals(
    Map<String, Map<String, Long>> outcomes,
    Map<String, Map<String, Long>> anomalies,
    Map<String, Double> seconds,
    Map<String, Map<String, Long>> counters) {}
