import type en from "../en/trying";

export default {
  "trying.help": "按当前草稿以真实时间运行，在独立的沙箱中：任何客户端都收不到。",
  "trying.start": "开始",
  "trying.stop": "停止",
  "trying.running": "正在运行……",
  "trying.stopped": "已停止",
  "trying.idle": "开始后，推送会实时显示在这里。",
} satisfies Record<keyof typeof en, string>;
