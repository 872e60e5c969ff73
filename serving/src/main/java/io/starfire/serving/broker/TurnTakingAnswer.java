package io.starfire.serving.broker;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.result.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The answer to a scan, which holds a turn while rows are read, and none while a client takes them:
 * rows are collected, the turn is given up, they are handed on, and the next ones wait for a turn.
 * So a reader that takes an hour keeps nobody from running, and one that is fast shares the turns
 * with the queries that wait.
 */
final class TurnTakingAnswer implements Answer {
  /** What is collected first, so that a client sees rows soon. */
  private static final int FIRST_BYTES = 1 << 14;

  /** What is collected at most. */
  private static final int MOST_BYTES = 1 << 20;

  private final Answer rows;
  private final QueryGate.Turn turn;
  private final QueryControl control;

  TurnTakingAnswer(Answer rows, QueryGate.Turn turn, QueryControl control) {
    this.rows = rows;
    this.turn = turn;
    this.control = control;
  }

  @Override
  public void writeTo(OutputStream out, boolean pretty) throws IOException {
    Collected collected = new Collected(out);
    rows.writeTo(collected, pretty);
    collected.finish();
  }

  /** Does nothing when it is flushed: a scan that fails flushes too, and may yet be an error. */
  private final class Collected extends OutputStream {
    private final OutputStream out;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;

    Collected(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      int written = 0;
      while (written < length) {
        if (size == bytes.length) {
          handOn();
          turn.resume(control);
          bytes = bytes.length < MOST_BYTES ? new byte[bytes.length * 2] : bytes;
        }
        int count = Math.min(length - written, bytes.length - size);
        System.arraycopy(from, offset + written, bytes, size, count);
        size += count;
        written += count;
      }
    }

    private void handOn() throws IOException {
      turn.pause();
      out.write(bytes, 0, size);
      size = 0;
    }

    void finish() throws IOException {
      handOn();
      bytes = Arrays.copyOf(bytes, 0);
      out.flush();
    }
  }
}
