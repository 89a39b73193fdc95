"""Why something did not go out, for a person who can mend it. Pure: no Django."""

from yiwang.kernel.foundation.sentences import N_

REASONS: dict[str, str] = {
    "mail_sign_in": N_("邮件服务器不接受用户名或密码"),
    "mail_refused": N_("邮件服务器拒收"),
    "mail_not_now": N_("邮件服务器暂时不收"),
    "dropped": N_("对方中断了连接"),
    "tls": N_("加密连接没有建立"),
    "timeout": N_("对方没有在时限内答复"),
    "unreachable": N_("连不上对方"),
    "no_answer": N_("已交出，但没有收到对方答复"),
    "gateway_busy": N_("短信平台忙或暂停服务"),
    "gateway_sign_in": N_("短信平台不接受密钥"),
    "gateway_refused": N_("短信平台拒收"),
    "gateway_not_now": N_("短信平台没有接受"),
    "endpoint_trouble": N_("对方系统出错"),
    "endpoint_refused": N_("对方系统拒收"),
    "private_address": N_("地址在内部网络，设置不允许"),
    "cannot_be_written": N_("地址或内容不合规则"),
    "left": N_("发送途中程序中断"),
    "switched_off": N_("这个渠道没有启用"),
    "no_address": N_("没有邮箱或手机号，或不愿接收"),
    "endpoint_gone": N_("接收地址已停用"),
    "kept_within": N_("这件事现在不宜外发"),
    "too_many": N_("这个号码今天已收到太多短信"),
    "nobody_opens": N_("这件事已不在"),
    "program": N_("程序出错"),
}
UNKNOWN = N_("其他原因")
