package io.starfire.cli;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The entry point of {@code bin/starfire}.
 *
 * <p>Exit codes: 0 done; 1 it ran, and the result is not what it must be; 2 usage; 3 it could not
 * run. An error is one sentence on standard error; {@code --verbose} adds the stack trace.
 */
@Command(
    name = "starfire",
    description =
        "Runs pipelines over event data, as a stream and as batch jobs, and serves the results.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Main implements Runnable {
  private static final List<Class<?>> COMMANDS =
      List.of(
          DemoCommand.class,
          KafkaCommand.class,
          ServerCommand.class,
          StreamCommand.class,
          ArchiveCommand.class,
          ReplayCommand.class,
          BatchCommand.class,
          IndexCommand.class,
          PublishCommand.class,
          ExplainCommand.class,
          QueryCommand.class,
          SegmentCommand.class,
          PublicationCommand.class,
          SupervisorCommand.class,
          UserCommand.class);

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show stack traces of errors.")
  private boolean verbose;

  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs one command and returns its exit code. Tests call this. */
  static int run(String... arguments) {
    Main main = new Main();
    CommandLine commandLine = commandLine(main, arguments.length == 0 ? "" : arguments[0]);
    commandLine.setExecutionExceptionHandler(
        (exception, command, parsed) -> main.report(exception, command.getErr()));
    commandLine.setParameterExceptionHandler(
        (exception, parsed) -> refuse(exception.getCommandLine(), exception.getMessage()));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    return commandLine.execute(arguments);
  }

  /**
   * The command line with the command of a name, or with all if there is none of that name. To look
   * through all of them would take a tenth of a server's start.
   */
  static CommandLine commandLine(Main main, String name) {
    CommandLine commandLine = new CommandLine(main);
    List<Class<?>> named = COMMANDS.stream().filter(command -> name(command).equals(name)).toList();
    for (Class<?> command : named.isEmpty() ? COMMANDS : named) {
      commandLine.addSubcommand(command);
    }
    return commandLine;
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  /** Without a command there is nothing to do but to say what there is. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Name a command.");
  }

  boolean verbose() {
    return verbose;
  }

  private static int refuse(CommandLine command, String message) {
    String sentence = message.replaceAll("\\s*\\R\\s*", " ").replaceAll("[.;]$", "");
    PrintWriter err = command.getErr();
    err.printf(
        "starfire: %s; '%s --help' shows how it is used%n",
        sentence, command.getCommandSpec().qualifiedName());
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private int report(Exception exception, PrintWriter err) {
    ErrorCode code =
        exception instanceof StarfireException known ? known.code() : ErrorCode.INTERNAL;
    String message =
        exception instanceof StarfireException
            ? exception.getMessage()
            : "%s; this is a defect, --verbose shows where".formatted(exception);
    err.println("starfire: " + message);
    if (verbose) {
      exception.printStackTrace(err);
    }
    err.flush();
    return code.exitCode();
  }
}
