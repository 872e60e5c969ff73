package io.starfire.benchmarks;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.trino.tpch.GenerateUtils;
import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes TPC-H's lineitem, which is the same on every machine. */
@Command(
    name = "lineitem",
    description = {
      "Writes TPC-H's lineitem for the benchmarks peers, clients and index-files.",
      "Scale factor 1: 6,001,215 lines, 725 MB, in half a minute."
    },
    mixinStandardHelpOptions = true)
final class LineitemCommand implements Callable<Integer> {
  private static final int PROGRESS = 1_000_000;

  @Parameters(paramLabel = "FILE", description = "To write, such as lineitem.tbl.")
  private Path file;

  @Option(names = "--scale", defaultValue = "1", description = "Factor (${DEFAULT-VALUE}).")
  private double scale;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    long lines = 0;
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
      for (LineItem line : new LineItemGenerator(scale, 1, 1)) {
        out.write(text(line));
        if (++lines % PROGRESS == 0) {
          spec.commandLine().getErr().printf("%,d lines%n", lines);
          spec.commandLine().getErr().flush();
        }
      }
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "%s cannot be written: %s".formatted(file, e), e);
    }
    spec.commandLine().getOut().printf("%,d lines in %s%n", lines, file);
    return 0;
  }

  /** As {@code dbgen} writes it, without the last separator. */
  private static String text(LineItem line) {
    return String.join(
        "|",
        Long.toString(line.getOrderKey()),
        Long.toString(line.getPartKey()),
        Long.toString(line.getSupplierKey()),
        Integer.toString(line.getLineNumber()),
        Long.toString(line.getQuantity()),
        hundredths(line.getExtendedPriceInCents()),
        hundredths(line.getDiscountPercent()),
        hundredths(line.getTaxPercent()),
        line.getReturnFlag(),
        line.getStatus(),
        GenerateUtils.formatDate(line.getShipDate()),
        GenerateUtils.formatDate(line.getCommitDate()),
        GenerateUtils.formatDate(line.getReceiptDate()),
        line.getShipInstructions(),
        line.getShipMode(),
        line.getComment() + "\n");
  }

  private static String hundredths(long number) {
    return number / 100 + (number % 100 < 10 ? ".0" : ".") + number % 100;
  }
}
