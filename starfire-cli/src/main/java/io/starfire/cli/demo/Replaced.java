package io.starfire.cli.demo;

import java.util.List;
import java.util.Map;

/**
 * What was seen while a batch run replaced the hours.
 *
 * @param batch the numbers after it, hour by hour
 * @param queries answered or failed meanwhile
 * @param oldAnswers of exactly the numbers before
 * @param newAnswers of exactly the numbers after
 * @param mixedAnswers of any others
 * @param failedQueries without an answer
 * @param firstFailure the message of the first of these; empty if there was none
 * @param swapMillis from the answer to the registration to the first new answer
 * @param batchMillis how long the run took
 * @param outcomes of the batch run, by operator
 */
record Replaced(
    List<HourNumbers> batch,
    long queries,
    long oldAnswers,
    long newAnswers,
    long mixedAnswers,
    long failedQueries,
    String firstFailure,
    long swapMillis,
    long batchMillis,
    Map<String, Map<String, Long>> outcomes) {}
