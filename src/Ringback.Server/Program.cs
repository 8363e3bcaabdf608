using Ringback.Server.Commands;

return await RingbackCommand.Create().Parse(args).InvokeAsync();
