package io.starfire.batch.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.net.ConnectException;
import org.apache.hadoop.ipc.RemoteException;
import org.junit.jupiter.api.Test;

/** Texts as Hadoop 3.5.0 writes them. */
class HadoopFaultsTest {
  @Test
  void safeModeIsFoundInWhatTheNameNodeAnswersWithoutItsStackTrace() {
    IOException e =
        new RemoteException(
            "org.apache.hadoop.hdfs.server.namenode.SafeModeException",
            "Cannot create directory /work. Name node is in safe mode.\n"
                + "It was turned on manually. NamenodeHostName:localhost\n"
                + "\tat org.apache.hadoop.hdfs.server.namenode.FSNamesystem.checkNameNodeSafeMode(FSNamesystem.java:1)");

    StarfireException found = HadoopFaults.find("/work cannot be made", e).orElseThrow();

    assertThat(found.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(found)
        .hasMessage(
            "/work cannot be made: HDFS is in safe mode and takes no changes (Cannot create"
                + " directory /work. Name node is in safe mode.); wait until it has left it ('hdfs"
                + " dfsadmin -safemode get' says so), then start again");
  }

  @Test
  void aFaultIsFoundInTheDiagnosticsOfATask() {
    String diagnostics =
        """
        Error: java.io.IOException: closed
        \tat java.base/java.lang.Thread.run(Thread.java:840)
        Caused by: org.apache.hadoop.hdfs.protocol.DSQuotaExceededException: The DiskSpace quota of /work is exceeded: quota = 3145728 B = 3 MB but diskspace consumed = 4194304 B = 4 MB
        """;

    StarfireException found = HadoopFaults.find("job failed", diagnostics, null).orElseThrow();

    assertThat(found.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED);
    assertThat(found)
        .hasMessageContaining("HDFS is full: a quota is used up")
        .hasMessageContaining("The DiskSpace quota of /work is exceeded")
        .hasMessageNotContaining("DSQuotaExceededException");
  }

  @Test
  void theTellingCauseWinsOverWhatFollowsFromIt() {
    IOException e = new IOException("stream closed", new ConnectException("Connection refused"));
    e.addSuppressed(
        new IOException(
            "File /work/x could only be written to 0 of the 1 minReplication nodes. There are 0"
                + " datanode(s) running"));

    assertThat(HadoopFaults.find("/work/x cannot be written", e).orElseThrow())
        .hasMessageContaining("HDFS has no DataNode with room for a block");
  }

  @Test
  void aQueueThatIsRefusedIsNamed() {
    IOException e =
        new IOException(
            "org.apache.hadoop.yarn.exceptions.YarnException: Failed to submit application_1_0001"
                + " to YARN : Application application_1_0001 submitted by user ann to unknown"
                + " queue: nosuch");

    assertThat(HadoopFaults.find("job 'ads' cannot be submitted", e).orElseThrow())
        .hasMessageContaining("the ResourceManager refuses the queue")
        .hasMessageContaining("to unknown queue: nosuch");
  }

  @Test
  void whatIsNoKnownFaultIsLeftToTheCaller() {
    assertThat(HadoopFaults.find("x", new IOException("something else\n\tat stack"))).isEmpty();
    assertThat(HadoopFaults.firstLine(new IOException("something else\n\tat stack")))
        .isEqualTo("something else");
    assertThat(HadoopFaults.firstLine(new IOException())).isEqualTo("IOException");
  }

  @Test
  void aFullLocalDiskIsSaid() {
    IOException e = new IOException("spill failed", new IOException("No space left on device"));
    StarfireException found = HadoopFaults.find("task failed", e).orElseThrow();
    assertThat(found.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED);
    assertThat(found).hasMessageStartingWith("task failed: disk full (No space left on device)");
  }
}
