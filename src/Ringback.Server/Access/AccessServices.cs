using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Server.Callbacks;
using Ringback.Server.Delivery;
using Ringback.Server.Firebase;
using Ringback.Server.Queues;

namespace Ringback.Server.Access;

/// <summary>Registers accounts, sessions and policies.</summary>
internal static class AccessServices
{
    /// <summary>Accounts alone: what the commands need.</summary>
    public static void AddAccounts(IServiceCollection services)
    {
        services.AddIdentityCore<SiteUser>(identity =>
        {
            identity.User.AllowedUserNameCharacters = null!; // Judged by UserAccounts; Identity sees a key with a slash in it.
            identity.Password.RequiredLength = UserAccounts.MinPasswordLength;
            identity.Password.RequiredUniqueChars = 5;
            identity.Password.RequireDigit = false;
            identity.Password.RequireLowercase = false;
            identity.Password.RequireUppercase = false;
            identity.Password.RequireNonAlphanumeric = false;
            identity.Lockout.MaxFailedAccessAttempts = UserAccounts.MaxFailures;
            identity.Lockout.DefaultLockoutTimeSpan = UserAccounts.LockOut;
        }).AddUserStore<IdentityUserStore>().AddPasswordValidator<NameInPassword>();
        // Identity's own judge of names would look at the tenant's number before the name, and show it.
        services.RemoveAll<IUserValidator<SiteUser>>();
        services.AddSingleton<SignInGate>();
        services.AddScoped<UserAccounts>();
    }

    /// <summary>Sign-in by cookie, and who may see what.</summary>
    public static void AddWebAccess(IServiceCollection services)
    {
        AddAccounts(services);
        services.AddSingleton<Sessions>();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme);
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme).Configure<IServiceProvider>(
            (cookie, provider) => SessionCookie.Configure(cookie, provider.GetRequiredKeyedService<TimeProvider>(Clock.ServiceKey)));
        services.AddAuthorization(options =>
        {
            AccessPolicies.Add(options);
            FirebasePolicies.Add(options);
            CallbackPolicies.Add(options);
            QueuePolicies.Add(options);
            DeliveryPolicies.Add(options);
        });
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, CircuitSession>();
        services.AddAntiforgery(form =>
        {
            form.Cookie.Name = "ringback.form";
            form.Cookie.HttpOnly = true;
            form.Cookie.SameSite = SameSiteMode.Strict;
            form.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            form.SuppressXFrameOptionsHeader = true; // The content security policy says it, and more strictly.
        });

        services.AddDataProtection().SetApplicationName("ringback");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(ring =>
        {
            ring.XmlRepository = new KeyRing(provider.GetRequiredService<IKeyRingStore>(), provider.GetRequiredKeyedService<TimeProvider>(Clock.ServiceKey));
            ring.XmlEncryptor = new KeyRingEncryptor(provider);
        }));
    }

    /// <summary>A password that contains its user's name is the first that anybody tries.</summary>
    private sealed class NameInPassword : IPasswordValidator<SiteUser>
    {
        public Task<IdentityResult> ValidateAsync(UserManager<SiteUser> manager, SiteUser user, string? password) => Task.FromResult(
            user.Account.Name.Length >= 3 && password?.Contains(user.Account.Name, StringComparison.OrdinalIgnoreCase) == true
                ? IdentityResult.Failed(new IdentityError { Code = "PasswordContainsName", Description = "The password must not contain the name." })
                : IdentityResult.Success);
    }
}
