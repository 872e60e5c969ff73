package io.starfire.cli.demo;

import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.List;

/** Threads that ask the same query without pause until closed, and log every answer. */
final class QueryLoad implements AutoCloseable {
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running = true;

  QueryLoad(int threadCount, HourQuery query, AnswerLog log) {
    for (int i = 0; i < threadCount; i++) {
      Thread thread = new Thread(() -> askOn(query, log), "demo-query-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void askOn(HourQuery query, AnswerLog log) {
    while (running) {
      try {
        log.answered(query.ask(), System.nanoTime());
      } catch (StarfireException e) {
        log.failed(e.getMessage());
      }
    }
  }

  /** Lets the queries under way end, and waits for them. */
  @Override
  public void close() {
    running = false;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
