package io.starfire.batch.job;

import java.util.Map;

/**
 * What jobs counted and how long they took.
 *
 * @param outcomes by operator and name of the outcome
 * @param anomalies by operator and name of the anomaly
 * @param seconds by name of the job, in the order in which they ran
 */
public record JobTotals(
    Map<String, Map<String, Long>> outcomes,
    Map<String, Map<String, Long>> anomalies,
    Map<String, Double> seconds) {}
